"""Schedules of an open loop."""

import numpy as np
import pytest

from harness.scenario.open_loop import constant, poisson, segments
from tests.unit.measure.made import MS


def test_schedules_are_arithmetic() -> None:
    assert constant(500, 3).tolist() == [0, 2 * MS, 4 * MS]
    first, again = (poisson(100, 10_000, np.random.default_rng(5)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert np.mean(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)
    assert np.std(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)


def test_a_schedule_in_segments_is_the_same_schedule() -> None:
    offsets = poisson(500.0, 2000, np.random.default_rng(3))
    parts = list(segments(offsets, 1.0))
    assert all(part[0] >= 0 and part[-1] < 10**9 for part in parts)
    whole = np.concatenate([part + n * 10**9 for n, part in enumerate(parts)])
    assert whole.tolist() == offsets.tolist()
    (alone,) = segments(offsets, 0.0)
    assert alone is offsets
