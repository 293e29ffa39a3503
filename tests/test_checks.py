"""Validity checks and metric definitions on arrays with known answers."""

import math

import numpy as np
import pytest

from harness.measure import validity as checks
from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.metrics import drain_rate, join, live_rate, quantiles, send_rate
from harness.measure.records import Records
from harness.scenario.open_loop import constant, poisson

MS = 1_000_000


def queue(arrivals_ms: list[float], service_ms: float) -> Records:
    """A FIFO with one server, as records."""
    sends = np.zeros(len(arrivals_ms), SEND_TYPE)
    runs = np.zeros(len(arrivals_ms), RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(len(arrivals_ms))
    sends["intended"] = sends["send"] = sends["ack"] = np.array(arrivals_ms) * MS
    free = 0.0
    for i, arrival in enumerate(arrivals_ms):
        start = max(arrival, free)
        free = start + service_ms
        runs["start"][i], runs["end"][i] = start * MS, free * MS
    return Records(sends, runs)


def test_generator_lag_over_the_limit_is_said_with_both_figures() -> None:
    lag, sojourn = np.full(100, 3 * MS), np.full(100, 10 * MS)
    found = checks.generator_lag(lag, sojourn)
    assert found is not None
    assert "p99 3.00 ms exceeds 1.00 ms" in found
    assert checks.generator_lag(lag, np.full(100, 100 * MS)) is None  # 5 % of 100 ms are 5 ms
    assert checks.generator_lag(np.full(100, MS), sojourn) is None


def test_overload_is_found_and_stability_is_not_taken_for_it() -> None:
    overloaded = checks.backlog(queue([float(i) for i in range(2000)], 1.2))
    assert overloaded.unstable
    assert overloaded.slope == pytest.approx(1000 / 6, rel=0.02)  # 1000 arrivals, 833 ends a second
    rng = np.random.default_rng(1)
    stable = checks.backlog(queue(np.cumsum(rng.exponential(2.0, 2000)).tolist(), 1.0))
    assert not stable.unstable


def test_a_trend_is_no_steady_state_and_noise_is() -> None:
    rng = np.random.default_rng(2)
    falling = np.linspace(100, 80, 20) + rng.normal(0, 1, 20)
    assert "no steady state: drain rate" in str(checks.steady_state(falling, "drain rate"))
    assert checks.steady_state(rng.normal(100, 5, 20), "drain rate") is None
    assert checks.steady_state(np.linspace(100, 100.5, 20), "drain rate") is None  # within 2 %


def test_too_short_a_window_is_not_judged() -> None:
    assert "too few" in str(checks.too_short(np.arange(0, 10**8, 10**5)))
    assert checks.too_short(np.arange(0, 2 * 10**9, 10**6)) is None


def test_settings_must_be_read_back_and_agree() -> None:
    readings: list[dict[str, object]] = [{"pool": "prefork"}, {"pool": "threads", "acks": "late"}]
    asked: dict[str, object] = {"pool": "prefork", "acks": "late", "prefetch": 2}
    assert checks.settings_differences(asked, readings) == [
        "setting pool: asked 'prefork', a running worker has 'threads'",
        "setting prefetch: asked 2, no worker read it back",
    ]


def test_drain_rate_is_from_the_middle_of_the_drain() -> None:
    ends = np.arange(1000) * MS  # a task a millisecond, after a slow start
    ends[50:] += 900 * MS
    assert drain_rate(ends) == pytest.approx(1000, rel=0.01)
    assert math.isnan(drain_rate(ends[:5]))


def test_refused_sends_are_not_acknowledged_sends() -> None:
    sends = np.zeros(101, SEND_TYPE)
    sends["send"], sends["ack"] = np.arange(101) * MS, np.arange(101) * MS
    assert send_rate(sends) == pytest.approx(1010)
    sends["outcome"][1:51] = 1
    assert send_rate(sends) == pytest.approx(510)


def test_quantiles_need_enough_tasks() -> None:
    names = [m.name for m in quantiles("sojourn", np.arange(999))]
    assert "sojourn_p99" not in names
    assert "sojourn_p99" in [m.name for m in quantiles("sojourn", np.arange(1000))]
    assert quantiles("sojourn", np.empty(0)) == []


def test_join_takes_the_first_success() -> None:
    sends = np.array([(0, 1, 2, 3, 0, 0, 1)], SEND_TYPE)
    runs = np.array([(0, 10, 11, 0, 1, 5), (0, 20, 21, 0, 0, 5), (0, 30, 31, 0, 0, 6)], RUN_TYPE)
    joined = join(Records(sends, runs))
    assert joined.sojourn.tolist() == [20]
    assert joined.lag.tolist() == [1]


def test_schedules_are_arithmetic() -> None:
    assert constant(500, 3).tolist() == [0, 2 * MS, 4 * MS]
    first, again = (poisson(100, 10_000, np.random.default_rng(5)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert np.mean(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)
    assert np.std(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)


def test_a_live_rate_needs_workers_that_never_run_out() -> None:
    sends, runs = np.zeros(2000, SEND_TYPE), np.zeros(2000, RUN_TYPE)
    runs["end"] = np.arange(1, 2001) * MS
    sends["ack"] = np.maximum(0, runs["end"] - 50 * MS)  # always 50 tasks ahead of the workers
    assert live_rate(Records(sends, runs), slots=2) == pytest.approx(1000, rel=0.01)
    sends["ack"] = runs["end"]  # each task arrives when the one before has ended
    assert math.isnan(live_rate(Records(sends, runs), slots=2))


def test_drifts_of_single_trials_cancel_and_a_common_one_does_not() -> None:
    rng = np.random.default_rng(4)
    assert checks.steady_over_trials(np.exp(rng.normal(0, 0.06, 15))) is None
    assert "no steady state in 15 trials" in str(
        checks.steady_over_trials(np.exp(rng.normal(0.06, 0.02, 15)))
    )
    assert checks.drift(np.array([1.0] * 10 + [1.1] * 10)) == pytest.approx(1.1)
