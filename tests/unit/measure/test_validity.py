"""Validity checks on arrays with known answers."""

import numpy as np
import pytest

from harness.measure import validity
from tests.unit.measure.made import MS, queue


def test_generator_lag_over_the_limit_is_said_with_both_figures() -> None:
    lag, sojourn = np.full(100, 3 * MS), np.full(100, 10 * MS)
    found = validity.generator_lag(lag, sojourn)
    assert found is not None
    assert "p99 3.00 ms exceeds 1.00 ms" in found
    assert validity.generator_lag(lag, np.full(100, 100 * MS)) is None  # 5 % of 100 ms are 5 ms
    assert validity.generator_lag(np.full(100, MS), sojourn) is None


def test_a_limit_is_told_from_the_value_that_was_held_against_it() -> None:
    found = validity.generator_lag(np.full(100, MS + 400), np.full(100, 10 * MS))
    assert "p99 1.0004 ms exceeds 1.0000 ms" in str(found)
    assert validity.apart(1.5, 1.0) == ("1.50", "1.00")
    assert validity.apart(1.0 + 1e-15, 1.0) == ("1.000000000000001", "1.0")
    short = np.linspace(0, 0.999 * 10**9, 400)
    assert "400 tasks in 0.999 s are too few (400 in 1 s wanted)" in str(validity.too_short(short))


def test_overload_is_found_and_stability_is_not_taken_for_it() -> None:
    overloaded = validity.backlog(queue([float(i) for i in range(2000)], 1.2))
    assert overloaded.unstable
    assert overloaded.slope == pytest.approx(1000 / 6, rel=0.02)  # 1000 arrivals, 833 ends a second
    rng = np.random.default_rng(1)
    stable = validity.backlog(queue(np.cumsum(rng.exponential(2.0, 2000)).tolist(), 1.0))
    assert not stable.unstable


def test_a_trend_is_no_steady_state_and_noise_is() -> None:
    rng = np.random.default_rng(2)
    falling = np.linspace(100, 80, 20) + rng.normal(0, 1, 20)
    assert "no steady state: drain rate" in str(validity.steady_state(falling, "drain rate"))
    assert validity.steady_state(rng.normal(100, 5, 20), "drain rate") is None
    assert validity.steady_state(np.linspace(100, 100.5, 20), "drain rate") is None  # within 2 %


def test_too_short_a_window_is_not_judged() -> None:
    assert "too few" in str(validity.too_short(np.arange(0, 10**8, 10**5)))
    assert validity.too_short(np.arange(0, 2 * 10**9, 10**6)) is None


def test_settings_must_be_read_back_and_agree() -> None:
    readings: list[dict[str, object]] = [{"pool": "prefork"}, {"pool": "threads", "acks": "late"}]
    asked: dict[str, object] = {"pool": "prefork", "acks": "late", "prefetch": 2}
    assert validity.settings_differences(asked, readings) == [
        "setting pool: asked 'prefork', a running worker has 'threads'",
        "setting prefetch: asked 2, no worker read it back",
    ]


def test_drifts_of_single_trials_cancel_and_a_common_one_does_not() -> None:
    rng = np.random.default_rng(4)
    assert validity.steady_over_trials(np.exp(rng.normal(0, 0.06, 15))) is None
    assert "no steady state in 15 trials" in str(
        validity.steady_over_trials(np.exp(rng.normal(0.06, 0.02, 15)))
    )
    assert validity.drift(np.array([1.0] * 10 + [1.1] * 10)) == pytest.approx(1.1)
