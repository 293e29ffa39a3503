"""What an experiment lets us say about two arms: METHOD 6, its table in its order."""

import math
from collections.abc import Sequence

from harness.judge.claims import Claim, Kind, Verdict
from harness.judge.effect import cliffs_delta
from harness.judge.families import ALPHA, holm
from harness.judge.figures import UNKNOWN, Chances, Figures, figures_of
from harness.judge.sentences import sentence, withheld_sentence


def judge_family(claims: Sequence[Claim]) -> list[Verdict]:
    """Verdicts of an experiment's primary family, p adjusted over all of it.

    A claim that is invalid stays in the family with p = 1: its size was named before the run.
    Raises ValueError on values that are not paired or not > 0, and on fewer than 6 blocks.
    """
    found = [None if claim.complaints else figures_of(claim, len(claims)) for claim in claims]
    adjusted = adjust([each.p if each else UNKNOWN for each in found])
    return [
        decide(claim, figures, p) if figures else withheld(claim)
        for claim, figures, p in zip(claims, found, adjusted, strict=True)
    ]


def adjust(family: Sequence[Chances]) -> list[Chances]:
    """Holm's p of every question over the family: whether two arms differ, whether they do by more
    than the margin, and whether they do not.
    """
    columns = (holm(column) for column in zip(*family, strict=True))
    return [Chances(*row) for row in zip(*columns, strict=True)]


def decide(claim: Claim, found: Figures, p: Chances) -> Verdict:
    """The verdict, given each p after Holm."""
    kind = kind_of(claim, found, p)
    return Verdict(
        kind=kind,
        ratio=found.ratio,
        low=math.exp(found.interval.low),
        high=math.exp(found.interval.high),
        low90=math.exp(found.narrow.low),
        high90=math.exp(found.narrow.high),
        n=found.n,
        p=found.p.different,
        p_holm=p.different,
        sensitivity=found.sensitivity,
        needed_blocks=found.needed_blocks,
        sentence=sentence(claim, kind, found, p.different),
        cliffs_delta=cliffs_delta(claim.baseline, claim.candidate),
        hedges_g=None if math.isnan(found.g) else found.g,
        cross_check=found.remarks,
    )


def kind_of(claim: Claim, found: Figures, p: Chances) -> Kind:
    """The rows of the table in METHOD 6, in order, after the first (invalid).

    The order matters: a difference that is certain but smaller than the margin is "no difference
    larger than δ". A p of at most .05 always has a 95 % interval on one side of 1.
    """
    better = (found.interval.low > 0) == claim.higher_is_better
    if p.beyond <= ALPHA:
        return Kind.FASTER if better else Kind.SLOWER
    if p.inside <= ALPHA:
        return Kind.EQUIVALENT
    if p.different <= ALPHA:
        return Kind.FASTER_UNCERTAIN if better else Kind.SLOWER_UNCERTAIN
    return Kind.INCONCLUSIVE


def withheld(claim: Claim) -> Verdict:
    return Verdict(kind=Kind.INVALID, n=len(claim.candidate), sentence=withheld_sentence(claim))
