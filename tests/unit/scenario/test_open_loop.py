"""Schedules of an open loop."""

import numpy as np
import pytest

from harness.scenario.open_loop import constant, poisson
from tests.unit.measure.made import MS


def test_schedules_are_arithmetic() -> None:
    assert constant(500, 3).tolist() == [0, 2 * MS, 4 * MS]
    first, again = (poisson(100, 10_000, np.random.default_rng(5)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert np.mean(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)
    assert np.std(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)
