"""What an experiment lets us say about two arms: METHOD 6, its table in its order."""

import math
from collections.abc import Sequence

from harness.judge.claims import Claim, Kind, Verdict
from harness.judge.effect import cliffs_delta
from harness.judge.families import ALPHA, holm
from harness.judge.figures import Figures, figures_of
from harness.judge.pairs import log_margin
from harness.judge.sentences import sentence


def judge_family(claims: Sequence[Claim]) -> list[Verdict]:
    """Verdicts of a report's primary family, p adjusted over all of it.

    A claim that is invalid stays in the family with p = 1: its size was named before the run.
    Raises ValueError like ``judge``.
    """
    found = [None if claim.complaints else figures_of(claim) for claim in claims]
    adjusted = holm([1.0 if each is None else each.p for each in found])
    return [
        withheld(claim) if figures is None else decide(claim, figures, p)
        for claim, figures, p in zip(claims, found, adjusted, strict=True)
    ]


def judge(claim: Claim, p_holm: float) -> Verdict:
    """The verdict on one claim, given its p after Holm over its family.

    Raises ValueError on values that are not paired or not > 0, on fewer than 6 blocks, and on an
    adjusted p below the claim's own.
    """
    return withheld(claim) if claim.complaints else decide(claim, figures_of(claim), p_holm)


def decide(claim: Claim, found: Figures, p_holm: float) -> Verdict:
    if not found.p * (1 - 1e-9) <= p_holm <= 1:
        raise ValueError(f"an adjusted p of {p_holm:g} is not between the raw {found.p:g} and 1")
    kind = kind_of(claim, found, p_holm)
    return Verdict(
        kind=kind,
        ratio=found.ratio,
        low=math.exp(found.interval.low),
        high=math.exp(found.interval.high),
        low90=math.exp(found.narrow.low),
        high90=math.exp(found.narrow.high),
        n=found.n,
        p=found.p,
        p_holm=p_holm,
        sensitivity=found.sensitivity,
        needed_blocks=found.needed_blocks,
        sentence=sentence(claim, kind, found, p_holm),
        cliffs_delta=cliffs_delta(claim.baseline, claim.candidate),
        hedges_g=None if math.isnan(found.g) else found.g,
        cross_check=found.cross_check,
    )


def kind_of(claim: Claim, found: Figures, p_holm: float) -> Kind:
    """The rows of the table in METHOD 6, in order, after the first (invalid).

    The order matters: a difference that is certain but smaller than the margin is "no difference
    larger than δ". A p of at most .05 always has a 95 % interval on one side of 1.
    """
    margin = log_margin(claim.margin)
    better = (found.interval.low > 0) == claim.higher_is_better
    if p_holm <= ALPHA and found.interval.beyond(margin):
        return Kind.FASTER if better else Kind.SLOWER
    if found.narrow.inside(margin):
        return Kind.EQUIVALENT
    if p_holm <= ALPHA:
        return Kind.FASTER_UNCERTAIN if better else Kind.SLOWER_UNCERTAIN
    return Kind.INCONCLUSIVE


def withheld(claim: Claim) -> Verdict:
    words = claim.wording
    reasons = "; ".join(claim.complaints)
    return Verdict(
        kind=Kind.INVALID,
        ratio=None,
        low=None,
        high=None,
        low90=None,
        high90=None,
        n=len(claim.candidate),
        p=None,
        p_holm=None,
        sensitivity=None,
        needed_blocks=None,
        sentence=f"No verdict on {words.metric} of {words.candidate} against {words.baseline}: "
        f"{reasons}.",
    )
