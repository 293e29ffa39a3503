"""Student's t of paired blocks (1908), a cross-check of the signed ranks."""

import math
from functools import lru_cache

import numpy as np
from scipy import stats

from harness.judge.pairs import ONE, Strata
from harness.judge.signed_ranks import LEVEL, Interval, signed_rank_interval
from harness.measure.layouts import Array


def paired_t_interval(d: Array, level: float = LEVEL) -> Interval:
    """Mean ± t s / √n, a cross-check of the signed-rank interval. Two pairs at least."""
    if len(d) < 2:
        raise ValueError(f"a t interval takes two blocks at least, not {len(d)}")
    half = t_quantile(len(d), level) * float(np.std(d, ddof=1)) / math.sqrt(len(d))
    return Interval(float(np.mean(d)) - half, float(np.mean(d)) + half, level)


@lru_cache
def t_quantile(n: int, level: float = LEVEL) -> float:
    """The two-sided quantile of Student's t with n − 1 degrees of freedom."""
    return float(stats.t.ppf((1 + level) / 2, n - 1))


@lru_cache
def normal_quantile(level: float) -> float:
    """The two-sided quantile of the normal distribution, which that of t approaches."""
    return float(stats.norm.ppf((1 + level) / 2))


def cross_check(d: Array, strata: Strata = ONE) -> str | None:
    """In words, where the two 95 % intervals disagree on whether there is a difference."""
    ranks, t = signed_rank_interval(d, strata=strata), paired_t_interval(d)
    if ranks.beyond(0.0) == t.beyond(0.0):
        return None
    shown = [f"[{math.exp(i.low):#.4g}, {math.exp(i.high):#.4g}]" for i in (ranks, t)]
    return (
        f"signed ranks ({shown[0]}) and paired t ({shown[1]}) disagree on whether the ratio is 1: "
        "look for an outlying block"
    )
