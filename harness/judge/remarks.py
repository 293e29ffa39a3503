"""What to know of the values beside a verdict; no rule looks at it.

Signed ranks take a block's log-ratio to be independent of its neighbours', and the values around
their centre to be symmetric.
"""

import math
from collections.abc import Iterator

import numpy as np
from scipy import stats

from harness.judge.claims import Claim
from harness.judge.pairs import log_ratios, positive
from harness.judge.student import cross_check, normal_quantile
from harness.measure.layouts import Array

RARE = 0.01  # one in a hundred claims is told so by chance
LEAST_FOR_A_SHAPE = 8  # blocks: of fewer the skewness has no known distribution


def remarks(claim: Claim) -> str | None:
    """In words, None where there is nothing to say."""
    d = log_ratios(claim.baseline, claim.candidate)
    found = (cross_check(d, claim.strata), neighbours(d), *lopsided(claim))
    return "; ".join(said for said in found if said) or None


def lag_1(d: Array) -> float:
    """Correlation of each block's value with the next one's; 0 where they do not vary."""
    residuals = d - np.mean(d)
    squares = float(np.sum(residuals**2))
    return float(np.sum(residuals[1:] * residuals[:-1])) / squares if squares else 0.0


def neighbours(d: Array) -> str | None:
    """Where neighbouring blocks are alike, or unlike, beyond chance: the correlation of n
    independent values is about normal around −1 / n, with a variance of 1 / n.
    """
    r, count = lag_1(d), len(d)
    if abs(r + 1 / count) <= normal_quantile(1 - RARE) / math.sqrt(count):
        return None
    alike, effect = ("alike", "narrower") if r > 0 else ("unlike", "wider")
    return (
        f"neighbouring blocks are {alike} (lag-1 correlation {r:+.2f}): the interval is {effect} "
        "than it ought to be"
    )


def lopsided(claim: Claim) -> Iterator[str]:
    """The arm whose values are skewed beyond chance while the other's are not: what drifts with
    the blocks skews both, and their differences not.
    """
    arms = {
        claim.wording.baseline: positive(claim.baseline, claim.wording.baseline),
        claim.wording.candidate: positive(claim.candidate, claim.wording.candidate),
    }
    if any(len(v) < LEAST_FOR_A_SHAPE or np.ptp(v) == 0 for v in arms.values()):
        return
    both = np.log(np.stack(list(arms.values())))
    rare = np.atleast_1d(stats.skewtest(both, axis=1).pvalue <= RARE)
    skewed = [name for name, one in zip(arms, rare, strict=True) if one]
    if len(skewed) == 1:
        (name,) = skewed
        found = float(stats.skew(np.log(arms[name])))
        yield (
            f"{name} is skewed over the blocks (skewness {found:+.1f}) and the other arm is not: "
            "the ratio describes its usual blocks"
        )
