"""How fast something grows: Theil and Sen's slope through values at equal distances."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from harness.measure.layouts import Array

LEVEL = 0.95
LEAST_FOR_SLOPE = 6  # values
MOST_ALIKE, LEAST_EFFECTIVE = 0.95, 3.0


class Slope(NamedTuple):
    """With the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def theil_sen(values: Sequence[float] | Array, per: float = 1.0) -> Slope:
    """Slope of values at equal distances, and its 95 % interval, each times ``per`` (how many
    distances the unit of time has). Raises ValueError below ``LEAST_FOR_SLOPE`` values.

    Neighbouring values are alike, so there are fewer of them than it seems: the interval of
    independent ones (Sen 1968) is widened as the normal one would be with the effective number.
    """
    if len(values) < LEAST_FOR_SLOPE:
        raise ValueError(f"a slope takes {LEAST_FOR_SLOPE} values, not {len(values)}")
    found: Array = np.asarray(values, dtype=float)
    slope, middle, low, high = stats.theilslopes(found, alpha=LEVEL)
    effective = effective_number(found - middle - slope * np.arange(len(found)))
    t = stats.t.ppf((1 + LEVEL) / 2, effective - 2) / stats.norm.ppf((1 + LEVEL) / 2)
    wider = float(np.sqrt(len(found) / effective) * t)
    ends = (slope - (slope - low) * wider, slope + (high - slope) * wider)
    return Slope(*(float(value) * per for value in (slope, *ends)))


def effective_number(residuals: Array) -> float:
    """How many independent values are worth as much as these: n (1 − r) / (1 + r), r the lag-1
    correlation with about (2 + 4 r) / n added, which the line through them took off (Marriott and
    Pope 1954).
    """
    count, squares = len(residuals), float(np.sum(residuals**2))
    r = float(np.sum(residuals[1:] * residuals[:-1])) / squares if squares else 0.0
    r = min(MOST_ALIKE, max(0.0, (count * r + 2) / (count - 4)))
    return max(LEAST_EFFECTIVE, count * (1 - r) / (1 + r))


def agreed(slopes: Sequence[Slope]) -> Slope:
    """What slopes after separate starts agree on: their mean, and the widest interval that theirs
    span. It lies above zero only where each of theirs does.
    """
    values, lows, highs = zip(*slopes, strict=True)
    return Slope(float(np.mean(values)), min(lows), max(highs))
