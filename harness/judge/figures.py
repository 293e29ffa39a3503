"""What paired values say before any rule is applied."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from harness.judge.claims import Claim
from harness.judge.effect import hedges_g
from harness.judge.pairs import log_margin, log_ratios
from harness.judge.planning import required_blocks, sensitivity
from harness.judge.remarks import remarks
from harness.judge.signed_ranks import (
    EQUIVALENCE_LEVEL,
    Interval,
    beyond_p,
    hodges_lehmann,
    inside_p,
    signed_rank_interval,
    signed_rank_p,
)


class Chances(NamedTuple):
    """p of what a verdict would deny: that there is no difference; that there is none beyond the
    margin; that there may be one beyond the margin.
    """

    different: float
    beyond: float
    inside: float


UNKNOWN = Chances(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Figures:
    """Intervals are on the log scale, each for itself; ``family`` is the number of claims among
    which a finding has to be made, ``sensitivity`` None where nothing could have been seen.
    """

    n: int
    family: int
    ratio: float
    interval: Interval
    narrow: Interval
    p: Chances
    sensitivity: float | None
    needed_blocks: int
    g: float  # nan where no arm varies
    remarks: str | None


def figures_of(claim: Claim, family: int) -> Figures:
    d, margin = log_ratios(claim.baseline, claim.candidate), log_margin(claim.margin)
    return Figures(
        n=len(d),
        family=family,
        ratio=math.exp(hodges_lehmann(d)),
        interval=signed_rank_interval(d),
        narrow=signed_rank_interval(d, EQUIVALENCE_LEVEL),
        p=Chances(signed_rank_p(d), beyond_p(d, margin), inside_p(d, margin)),
        sensitivity=sensitivity(d, family),
        needed_blocks=required_blocks(d, claim.margin, family),
        g=hedges_g(claim.baseline, claim.candidate),
        remarks=remarks(claim),
    )
