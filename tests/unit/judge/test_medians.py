"""Intervals of a median between order statistics."""

import random

import pytest

from harness.judge.medians import coverage, median_interval


def test_few_values_have_their_range_and_say_what_it_covers() -> None:
    found = median_interval([3.0, 1.0, 2.0])
    assert (found.low, found.high, found.coverage) == (1.0, 3.0, 0.75)
    assert not found.sure
    assert median_interval([7.0]).coverage == 0.0


def test_six_values_are_enough_for_95_percent() -> None:
    assert not median_interval([1.0] * 5).sure
    assert median_interval([1.0] * 6).coverage == pytest.approx(0.96875)


def test_more_values_leave_the_outermost_out() -> None:
    """Hollander, Wolfe and Chicken, table: of 10 the 2nd to the 9th cover 97.9 %."""
    found = median_interval([float(i) for i in range(1, 11)])
    assert (found.low, found.high) == (2.0, 9.0)
    assert found.coverage == pytest.approx(0.9785, abs=1e-4)
    assert coverage(15, 3) == pytest.approx(0.9648, abs=1e-4)


def test_it_covers_the_true_median_as_often_as_it_says() -> None:
    """Of a skewed distribution: the median of an exponential is ln 2."""
    draw = random.Random(7)
    held = 0
    for _ in range(2_000):
        found = median_interval([draw.expovariate(1.0) for _ in range(10)])
        held += found.low <= 0.6931 <= found.high
    assert 0.965 < held / 2_000 < 0.99
