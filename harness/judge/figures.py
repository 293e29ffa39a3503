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
from harness.judge.strata import alike_words


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
    strata: str  # in words, empty where all blocks are of one


def figures_of(claim: Claim, family: int) -> Figures:
    d, margin = log_ratios(claim.baseline, claim.candidate), log_margin(claim.margin)
    strata = claim.strata
    return Figures(
        n=len(d),
        family=family,
        ratio=math.exp(hodges_lehmann(d, strata)),
        interval=signed_rank_interval(d, strata=strata),
        narrow=signed_rank_interval(d, EQUIVALENCE_LEVEL, strata),
        p=Chances(
            signed_rank_p(d, strata), beyond_p(d, margin, strata), inside_p(d, margin, strata)
        ),
        sensitivity=sensitivity(d, family, strata),
        needed_blocks=required_blocks(d, claim.margin, family, strata),
        g=hedges_g(claim.baseline, claim.candidate),
        remarks=remarks(claim),
        strata=alike_words(d, strata),
    )
