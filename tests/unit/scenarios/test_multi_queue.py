"""Overtaking, fairness and starvation."""

import numpy as np
import pytest

from scenarios.multi_queue import jain, longest_gap, overtaking


def test_overtaking_fairness_and_starvation() -> None:
    early, late = np.arange(10.0), np.arange(10.0, 20.0)
    assert overtaking(early, late) == 1
    assert overtaking(late, early) == 0
    assert overtaking(early, early) == 0.5
    assert jain(np.array([5, 5, 5])) == pytest.approx(1)
    assert jain(np.array([9, 0, 0])) == pytest.approx(1 / 3)
    assert longest_gap(np.array([3.0, 4.0, 9.0]), begin=1.0) == 5
