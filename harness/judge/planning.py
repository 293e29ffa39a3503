"""How many blocks an experiment takes, and what it can see with them."""

import math
from functools import lru_cache

import numpy as np

from harness.judge.families import ALPHA
from harness.judge.pairs import ONE, Strata, log_margin, spread
from harness.judge.signed_ranks import least_blocks, signed_rank_cdf, signed_rank_interval
from harness.judge.student import normal_quantile, t_quantile
from harness.measure.layouts import Array

POWER = 0.8  # the usual one
SIMULATED = 4_000  # experiments behind a power: known to ± 1.3 points
STEPS = 20  # of a bisection


def finding_level(claims: int) -> float:
    """The level of the interval that leaves 1 outside where the first of ``claims`` is found: Holm
    asks the smallest p for .05 / claims.
    """
    return 1 - ALPHA / claims


def least_for(claims: int) -> int:
    """The fewest blocks with which anything can be found among so many claims.

    With n blocks the smallest p is 2 / 2ⁿ, after Holm claims · 2 / 2ⁿ; so n ≥ 1 + log2(claims /
    .05): 6 for one, 7 for 3, 9 for 12, 11 for 36.
    """
    return least_blocks(finding_level(claims))


def half_margin(delta: float) -> float:
    """Half the margin on the log scale, as a share: what a comparison is sized to see."""
    return math.expm1(log_margin(delta) / 2)


def required_blocks(d: Array, delta: float, claims: int = 1, strata: Strata = ONE) -> int:
    """The smallest n ≥ (t s_d / h)², h half the margin ln(1 + δ), t of n − 1 degrees of freedom at
    the level at which one of ``claims`` is found; at least the number with which anything can be.

    That many blocks are expected to see half the margin. Raises ValueError where no stratum has
    two blocks.
    """
    level = finding_level(claims)
    scale = spread(d, strata) / (log_margin(delta) / 2)
    n = max(least_for(claims), math.ceil((normal_quantile(level) * scale) ** 2))
    while n < (t_quantile(n, level) * scale) ** 2:  # t exceeds its limit little: a few rounds
        n += 1
    return n


def sensitivity(d: Array, claims: int = 1, strata: Strata = ONE) -> float | None:
    """exp(half-width) − 1 of the interval at the level at which one of ``claims`` is found, as a
    share: 0.04 is "differences below 4 % would go unnoticed". None below the number of blocks with
    which anything can be found.

    An estimate that far from 1, in an interval of this width, would just have left 1 outside. A
    true difference of that size is found in about half of such experiments; one of 1.4 times that
    size (on the log scale) in about 80 %.
    """
    if len(d) < least_for(claims):
        return None
    return math.expm1(signed_rank_interval(d, finding_level(claims), strata).half_width)


def tolerable_spread(blocks: int, delta: float, claims: int) -> float:
    """The largest standard deviation of a block's log-ratio at which so many blocks find a
    difference of δ among ``claims`` with a power of 80 %. Raises ValueError below the number of
    blocks with which anything can be found.
    """
    return log_margin(delta) / least_shift(blocks, claims)


@lru_cache
def least_shift(blocks: int, claims: int) -> float:
    """The shift, in standard deviations, that the signed-rank test finds with a power of 80 %: by
    bisection over simulated normal log-ratios, the same for every shift.
    """
    if blocks < least_for(claims):
        raise ValueError(f"{blocks} blocks find nothing among {claims} claims")
    noise = np.random.default_rng(blocks).normal(size=(SIMULATED, blocks))
    low, high = 0.0, 10.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        found = np.mean(signed_rank_ps(noise + middle) <= ALPHA / claims)
        low, high = (low, middle) if found >= POWER else (middle, high)
    return high


def signed_rank_ps(rows: Array) -> Array:
    """Two-sided p of each row, without ties: shape (rows,) of (rows, blocks)."""
    ranks = 1 + np.argsort(np.argsort(np.abs(rows), axis=1), axis=1)
    above = np.sum(ranks * (rows > 0), axis=1)
    total = rows.shape[1] * (rows.shape[1] + 1) // 2
    found: Array = 2 * signed_rank_cdf(rows.shape[1])[np.minimum(above, total - above)]
    return np.minimum(1.0, found)
