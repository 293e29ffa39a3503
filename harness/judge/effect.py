"""How large a difference is, in other words: descriptions, and no verdict hangs on them.

Cliff's delta: Cliff (1993). Hedges' g: Hedges (1981), with J = 1 − 3 / (4 df − 1).
"""

import math

import numpy as np

from harness.judge.pairs import Values, positive


def cliffs_delta(baseline: Values, candidate: Values) -> float:
    """P(candidate > baseline) − P(candidate < baseline) over all pairs of blocks, −1 to 1."""
    a, b = positive(baseline, "baseline"), positive(candidate, "candidate")
    return float(np.mean(np.sign(b[:, None] - a[None, :])))


def hedges_g(baseline: Values, candidate: Values) -> float:
    """(mean of candidate − mean of baseline) / pooled standard deviation, corrected for few blocks.

    Pairing is not used: it is in units of the spread between blocks. nan where neither arm varies.
    """
    a, b = positive(baseline, "baseline"), positive(candidate, "candidate")
    if min(len(a), len(b)) < 2:
        raise ValueError("a spread takes two blocks of each arm at least")
    freedom = len(a) + len(b) - 2
    if np.ptp(a) == 0 and np.ptp(b) == 0:
        return math.nan
    pooled = math.sqrt((len(a) * float(np.var(a)) + len(b) * float(np.var(b))) / freedom)
    return float(np.mean(b) - np.mean(a)) / pooled * (1 - 3 / (4 * freedom - 1))
