"""How fast something grows: Theil and Sen's slope through values at equal distances."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from harness.measure.layouts import Array

LEVEL = 0.95
LEAST_FOR_SLOPE = 6  # values


def theil_sen(values: Sequence[float] | Array, per: float = 1.0) -> tuple[float, float, float]:
    """Slope of values at equal distances, and its 95 % interval, each times ``per`` (how many
    distances the unit of time has). Raises ValueError below ``LEAST_FOR_SLOPE`` values.
    """
    if len(values) < LEAST_FOR_SLOPE:
        raise ValueError(f"a slope takes {LEAST_FOR_SLOPE} values, not {len(values)}")
    found = stats.theilslopes(np.asarray(values, dtype=float), alpha=LEVEL)
    return float(found[0]) * per, float(found[2]) * per, float(found[3]) * per
