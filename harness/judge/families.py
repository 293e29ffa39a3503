"""p adjusted for how many questions were asked: Holm (1979); Benjamini and Hochberg (1995)."""

import numpy as np
from scipy import stats

from harness.judge.pairs import Values
from harness.measure.layouts import Array

ALPHA = 0.05


def holm(p: Values) -> list[float]:
    """Adjusted p in the order given, for a family of primary metrics."""
    given = shares(p)
    order = np.argsort(given, kind="stable")
    steps = given[order] * np.arange(len(given), 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return [float(each) for each in adjusted]


def benjamini_hochberg(p: Values) -> list[float]:
    """Adjusted p in the order given, for exploratory grids: bounds the share of false finds."""
    given = shares(p)
    if not len(given):
        return []
    return [float(each) for each in stats.false_discovery_control(given, method="bh")]


def shares(p: Values) -> Array:
    """Raises ValueError on what cannot be a probability."""
    given: Array = np.asarray(p, dtype=float)
    if not np.all((given >= 0) & (given <= 1)):
        raise ValueError(f"p must lie between 0 and 1: {given.tolist()}")
    return given
