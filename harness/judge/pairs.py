"""Two arms block by block, as ratios on the log scale.

Arrays hold one value a block and arm, or one natural-log ratio a block (``d``, no unit). Values of
block i of both arms stand at place i. What cannot be computed raises ValueError saying why; nothing
of this package returns nan for an interval or a p.

Margins: a margin δ of 0.05 ("5 %") means that the larger of two values is 5 % above the smaller.
On the log scale that is ±ln(1 + δ), as a ratio from 1 / (1 + δ) to 1 + δ: the same whichever arm
stands below the line, which ±δ on the ratio is not.
"""

import math
from collections.abc import Sequence

import numpy as np

from harness.measure.layouts import Array

type Values = Sequence[float] | Array
type Strata = Sequence[str]  # of each block, by name; empty where all are of one

ONE: Strata = ()
DECIMALS = 12  # of a log-ratio: finer than any clock, coarser than the rounding of floats


def log_ratios(baseline: Values, candidate: Values) -> Array:
    """ln(candidate / baseline) of each block, shape (n,).

    Rounded to 12 decimals, so that equal ratios are ties and equal values are exactly zero.
    Raises ValueError on shapes that differ, on no block, and on a value that is not > 0 and finite.
    """
    a, b = positive(baseline, "baseline"), positive(candidate, "candidate")
    if len(a) != len(b):
        raise ValueError(f"the arms are not paired: {len(a)} blocks of one, {len(b)} of the other")
    ratios: Array = np.round(np.log(b) - np.log(a), DECIMALS) + 0.0  # no −0
    return ratios


def by_stratum(d: Array, strata: Strata) -> dict[str, Array]:
    """The blocks of each stratum, in the order in which these begin. Raises ValueError where not
    every block has one.
    """
    if not len(strata):
        return {"": d}
    if len(strata) != len(d):
        raise ValueError(f"{len(d)} blocks have {len(strata)} strata: each has one")
    names = np.array(strata)
    return {name: d[names == name] for name in dict.fromkeys(strata)}


def spread(d: Array, strata: Strata = ONE) -> float:
    """The standard deviation within the strata, pooled. Raises ValueError where none has two
    blocks.
    """
    groups = by_stratum(d, strata).values()
    freedom = len(d) - len(groups)
    if freedom < 1:
        raise ValueError(f"a spread takes two blocks of a stratum at least, not {len(d)} in all")
    squares = sum(float(np.sum((own - np.mean(own)) ** 2)) for own in groups)
    return math.sqrt(squares / freedom)


def positive(values: Values, arm: str) -> Array:
    """The values of one arm as floats; raises ValueError naming the first unfit block."""
    found: Array = np.asarray(values, dtype=float)
    if found.ndim != 1:
        raise ValueError(f"{arm}: one value a block wanted, got an array of shape {found.shape}")
    if not len(found):
        raise ValueError(f"{arm}: no blocks")
    unfit = np.flatnonzero(~(np.isfinite(found) & (found > 0)))
    if len(unfit):
        raise ValueError(f"{arm}: {found[unfit[0]]:g} in block {unfit[0] + 1} is not a number > 0")
    return found


def log_margin(delta: float) -> float:
    """ln(1 + δ), the margin on the scale of log-ratios; δ is a share: 0.05 for 5 %."""
    if not 0 < delta < 1:
        raise ValueError(f"a margin is a share between 0 and 1 (0.05 for 5 %), not {delta:g}")
    return math.log1p(delta)
