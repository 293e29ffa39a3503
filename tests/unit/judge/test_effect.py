"""Descriptions of size by hand."""

import math

import pytest

from harness.judge.effect import cliffs_delta, hedges_g


def test_cliffs_delta_by_hand() -> None:
    assert cliffs_delta([1, 2], [3, 4]) == 1
    assert cliffs_delta([1, 3], [2, 3]) == 0.25  # above, above, below, tied
    assert cliffs_delta([2, 3], [1, 3]) == -0.25


def test_hedges_g_by_hand() -> None:
    """Means 2 and 4, pooled s = 1, J = 1 − 3 / 15 = 0.8."""
    assert hedges_g([1, 2, 3], [3, 4, 5]) == pytest.approx(1.6)
    assert math.isnan(hedges_g([0.1, 0.1, 0.1], [0.3, 0.3, 0.3]))
    with pytest.raises(ValueError, match="two blocks of each arm"):
        hedges_g([1], [1, 2])
