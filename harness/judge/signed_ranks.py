"""Signed ranks of paired blocks: the estimate, its interval, and p of "there is no difference".

The exact distribution, the estimate as the median of Walsh averages and the interval between two of
them: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods (3rd ed., 2014), sections 3.1
to 3.3; the estimate is due to Hodges and Lehmann (1963). They assume that log-ratios are symmetric
about their centre, which holds for two arms whose noise has the same shape; of skewed ones the
pseudomedian is estimated. With ties the closed interval covers at least what it does without them:
noise too small to reorder anything breaks the ties, and can only add Walsh averages on the far side
of the centre.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

from harness.measure.layouts import Array

LEVEL = 0.95
EQUIVALENCE_LEVEL = 0.90  # two one-sided tests at 5 %, Schuirmann (1987)


@dataclass(frozen=True)
class Interval:
    """Bounds on the log scale, and the coverage that the method achieves (not the one asked)."""

    low: float
    high: float
    coverage: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    def inside(self, log_margin: float) -> bool:
        """All of it between −margin and +margin."""
        return -log_margin < self.low and self.high < log_margin

    def beyond(self, log_margin: float) -> bool:
        """All of it above +margin, or all of it below −margin."""
        return self.low > log_margin or self.high < -log_margin


def walsh_averages(d: Array) -> Array:
    """(d_i + d_j) / 2 of all i ≤ j, ascending, shape (n (n + 1) / 2,)."""
    first, second = np.triu_indices(len(d))
    averages: Array = np.sort((d[first] + d[second]) / 2)
    return averages


def hodges_lehmann(d: Array) -> float:
    """The median of the Walsh averages."""
    return float(np.median(walsh_averages(d)))


@lru_cache
def signed_rank_cdf(n: int) -> Array:
    """P(T ≤ t) for t = 0 … n (n + 1) / 2, T the sum of the positive ranks of n untied values
    symmetric about zero: every rank is in or out with probability ½.
    """
    pmf = np.ones(1)
    for rank in range(1, n + 1):
        pmf = (np.pad(pmf, (0, rank)) + np.pad(pmf, (rank, 0))) / 2
    cdf: Array = np.cumsum(pmf)
    cdf.flags.writeable = False  # one array for all callers
    return cdf


def least_blocks(level: float) -> int:
    """The fewest pairs whose smallest two-sided p, 2 / 2ⁿ, leaves an interval of this level."""
    return math.ceil(1 - math.log2(1 - level) - 1e-9)


def signed_rank_interval(d: Array, level: float = LEVEL) -> Interval:
    """The shortest interval between Walsh averages that covers at least ``level``.

    Few levels exist: 15 pairs cover 95.2 % or 90.5 %, 6 cover 96.9 % and then 93.8 %. Raises
    ValueError where no interval reaches the level (6 pairs for 95 %, 5 for 90 %).
    """
    if not 0 < level < 1:
        raise ValueError(f"a level is a share between 0 and 1, not {level:g}")
    if len(d) < least_blocks(level):
        raise ValueError(
            f"{len(d)} blocks give no {100 * level:g} % interval, which takes at least "
            f"{least_blocks(level)}"
        )
    cdf, averages = signed_rank_cdf(len(d)), walsh_averages(d)
    out = int(np.searchsorted(cdf, (1 - level) / 2, "right")) - 1  # averages left out a side
    return Interval(float(averages[out]), float(averages[-1 - out]), float(1 - 2 * cdf[out]))


def signed_rank_p(d: Array) -> float:
    """Two-sided p of "the centre is zero", by ``scipy.stats.wilcoxon(method="exact")``.

    Equal ratios of the same sign change nothing. With a zero, or with two ratios that cancel,
    scipy's null distribution is not exact. Then p is ``dual_p``: every Walsh average that
    is zero counts against a difference. It is conservative, always agrees with the interval, and is
    the same number where there is no such tie.
    """
    averages = walsh_averages(d)
    if np.all(averages != 0):
        return float(stats.wilcoxon(d, method="exact").pvalue)
    return dual_p(averages, len(d))


def dual_p(averages: Array, n: int) -> float:
    """1 − coverage of the widest interval between these Walsh averages of n pairs that leaves zero
    out; 1 where none does.
    """
    against = len(averages) - max(int(np.sum(averages > 0)), int(np.sum(averages < 0)))
    return min(1.0, 2 * float(signed_rank_cdf(n)[against]))
