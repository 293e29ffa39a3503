"""How sure a median of few values is, whatever their distribution.

The interval between two order statistics covers the true median unless too many values fall on one
side of it, which is a binomial: Hollander, Wolfe and Chicken (3rd ed., 2014), section 3.6.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 0.95


@dataclass(frozen=True)
class Spread:
    """``coverage``: how often such an interval holds the true median; 0 for a single value."""

    low: float
    high: float
    coverage: float

    @property
    def sure(self) -> bool:
        return self.coverage >= LEVEL


def coverage(n: int, left_out: int) -> float:
    """Of the interval of ``n`` values without the ``left_out`` smallest and largest."""
    beyond = sum(math.comb(n, k) for k in range(left_out + 1))
    return 1 - 2 * beyond / float(2**n)


def median_interval(values: Sequence[float]) -> Spread:
    """The shortest interval that covers at least 95 %; of five values or fewer their range, which
    covers less, and says so.
    """
    n, ordered, out = len(values), sorted(values), 0
    while 2 * (out + 2) <= n and coverage(n, out + 1) >= LEVEL:
        out += 1
    return Spread(ordered[out], ordered[-1 - out], max(0.0, coverage(n, out)))
