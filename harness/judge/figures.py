"""What paired values say before any rule is applied."""

import math
from dataclasses import dataclass

from harness.judge.claims import Claim
from harness.judge.effect import hedges_g
from harness.judge.pairs import log_ratios
from harness.judge.planning import required_blocks, sensitivity
from harness.judge.signed_ranks import (
    EQUIVALENCE_LEVEL,
    Interval,
    hodges_lehmann,
    signed_rank_interval,
    signed_rank_p,
)
from harness.judge.student import cross_check


@dataclass(frozen=True)
class Figures:
    """What the paired values say before any rule is applied; intervals on the log scale."""

    n: int
    ratio: float
    interval: Interval
    narrow: Interval
    p: float
    sensitivity: float
    needed_blocks: int
    g: float  # nan where no arm varies
    cross_check: str | None


def figures_of(claim: Claim) -> Figures:
    d = log_ratios(claim.baseline, claim.candidate)
    interval = signed_rank_interval(d)
    return Figures(
        n=len(d),
        ratio=math.exp(hodges_lehmann(d)),
        interval=interval,
        narrow=signed_rank_interval(d, EQUIVALENCE_LEVEL),
        p=signed_rank_p(d),
        sensitivity=sensitivity(interval),
        needed_blocks=required_blocks(d, claim.margin),
        g=hedges_g(claim.baseline, claim.candidate),
        cross_check=cross_check(d),
    )
