"""How many blocks an experiment takes, and what it could have seen."""

import math

import numpy as np
from scipy import stats

from harness.judge.pairs import log_margin
from harness.judge.signed_ranks import Interval
from harness.judge.student import t_quantile
from harness.measure.layouts import Array

LEAST_BLOCKS = 6  # fewer give no 95 % interval


def required_blocks(d: Array, delta: float) -> int:
    """The smallest n ≥ (t s_d / h)², h half the margin ln(1 + δ), t at 97.5 % with n − 1 degrees
    of freedom; at least the 6 that an interval takes.

    That many blocks are expected to give a 95 % interval of ± half the margin.
    """
    if len(d) < 2:
        raise ValueError(f"a spread takes two blocks at least, not {len(d)}")
    scale = float(np.std(d, ddof=1)) / (log_margin(delta) / 2)
    n = max(LEAST_BLOCKS, math.ceil((float(stats.norm.ppf(0.975)) * scale) ** 2))
    while n < (t_quantile(n) * scale) ** 2:  # t exceeds its limit little: a few rounds
        n += 1
    return n


def sensitivity(interval: Interval) -> float:
    """exp(half-width) − 1 of the 95 % interval, as a share: 0.04 is "could have seen 4 %".

    An estimate that far from 1, in an interval of this width, would just have left 1 outside. A
    true difference of that size is found in about half of such experiments; one of 1.4 times that
    size (on the log scale) in about 80 %.
    """
    return math.expm1(interval.half_width)
