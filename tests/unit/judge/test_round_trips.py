"""Fitted round trips: known answers, and how wide the interval is."""

import numpy as np
import pytest

from harness.judge.round_trips import fit

RTTS = [0.0, 0.2, 1.0, 5.0]


def test_a_straight_line_is_found_exactly() -> None:
    found = fit(RTTS, [0.4 + 3 * rtt for rtt in RTTS])
    assert found is not None
    assert found.count == pytest.approx(3)
    assert found.rest_ms == pytest.approx(0.4)
    assert found.low == pytest.approx(3)
    assert found.words == "3.00 [3.00 … 3.00]"


def test_two_round_trip_times_are_too_few() -> None:
    assert fit([0.0, 0.0, 5.0], [1.0, 1.1, 9.0]) is None
    assert fit([], []) is None


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(23)
    times = np.array(RTTS) * 2 + 1
    fits = [fit(RTTS, list(times + rng.normal(0, 0.1, len(RTTS)))) for _ in range(1000)]
    held = [f is not None and f.low <= 2 <= f.high for f in fits]
    assert 0.93 <= np.mean(held) <= 0.97
