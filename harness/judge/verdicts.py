"""What an experiment lets us say about two arms: METHOD 6, its table in its order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.judge.stats import (
    EQUIVALENCE_LEVEL,
    Interval,
    Values,
    cliffs_delta,
    cross_check,
    hedges_g,
    hodges_lehmann,
    holm,
    log_margin,
    log_ratios,
    required_blocks,
    sensitivity,
    signed_rank_interval,
    signed_rank_p,
)

ALPHA = 0.05


class Kind(StrEnum):
    """``faster`` is the better direction of the metric, whatever its words are."""

    INVALID = "invalid"
    FASTER = "faster"
    SLOWER = "slower"
    EQUIVALENT = "equivalent"
    FASTER_UNCERTAIN = "faster_uncertain"
    SLOWER_UNCERTAIN = "slower_uncertain"
    INCONCLUSIVE = "inconclusive"


DIFFERENT = {Kind.FASTER, Kind.SLOWER, Kind.FASTER_UNCERTAIN, Kind.SLOWER_UNCERTAIN}

# A kind on a terminal.
MARKS = {
    Kind.INVALID: "[red]no verdict[/]",
    Kind.FASTER: "[green]better[/]",
    Kind.SLOWER: "[red]worse[/]",
    Kind.EQUIVALENT: "no difference",
    Kind.FASTER_UNCERTAIN: "[green]better, size uncertain[/]",
    Kind.SLOWER_UNCERTAIN: "[red]worse, size uncertain[/]",
    Kind.INCONCLUSIVE: "inconclusive",
}


@dataclass(frozen=True)
class Wording:
    """Names in the sentence; ``better`` and ``worse`` fit the metric ("cheaper" for CPU)."""

    baseline: str = "A"
    candidate: str = "B"
    metric: str = "metric"
    better: str = "faster"
    worse: str = "slower"


@dataclass(frozen=True)
class Claim:
    """One metric of two arms, block by block. ``margin`` is a share: 0.05 for 5 %.

    ``complaints`` say in words what voids the comparison. With any, the values are not looked at.
    """

    baseline: Values
    candidate: Values
    margin: float
    higher_is_better: bool
    complaints: tuple[str, ...] = ()
    wording: Wording = Wording()


@dataclass(frozen=True)
class Verdict:
    """Ratios are candidate / baseline, with the 95 % interval and the 90 % one (``low90``).

    ``sensitivity`` is a share, ``needed_blocks`` the METHOD 2 number for this spread. All figures
    but ``n`` are None when the comparison is invalid. No rule looks at the last three: two
    descriptions of size, and where the paired t interval disagrees, in words.
    """

    kind: Kind
    ratio: float | None
    low: float | None
    high: float | None
    low90: float | None
    high90: float | None
    n: int
    p: float | None
    p_holm: float | None
    sensitivity: float | None
    needed_blocks: int | None
    sentence: str
    cliffs_delta: float | None = None
    hedges_g: float | None = None
    cross_check: str | None = None


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


# ── The sentence ─────────────────────────────────────────────────────────────────────────────

OPENINGS = {
    Kind.FASTER: "{candidate} is {better} than {baseline} by at least {margin}",
    Kind.SLOWER: "{candidate} is {worse} than {baseline} by at least {margin}",
    Kind.EQUIVALENT: "No difference larger than {margin} between {candidate} and {baseline}",
    Kind.FASTER_UNCERTAIN: "{candidate} is {better} than {baseline}, size uncertain",
    Kind.SLOWER_UNCERTAIN: "{candidate} is {worse} than {baseline}, size uncertain",
    Kind.INCONCLUSIVE: "Inconclusive whether {candidate} differs from {baseline}",
}


def sentence(claim: Claim, kind: Kind, found: Figures, p_holm: float) -> str:
    """Opening, ratio with its interval, blocks and p, sensitivity; what it takes if undecided."""
    words = claim.wording
    opening = OPENINGS[kind].format(**vars(words), margin=percent(claim.margin))
    level, interval = ("90", found.narrow) if kind == Kind.EQUIVALENT else ("95", found.interval)
    seen = max(0.001, math.ceil(found.sensitivity * 1000 - 1e-6) / 1000)  # never flattering
    return (
        f"{opening}: {words.metric} {words.candidate} / {words.baseline} = {found.ratio:#.4g}, "
        f"{level} % interval [{math.exp(interval.low):#.4g}, {math.exp(interval.high):#.4g}], "
        f"{found.n} blocks, Holm p = {p_holm:.2g}; could have seen {percent(seen)}"
        f"{remedy(found) if kind == Kind.INCONCLUSIVE else ''}."
    )


def remedy(found: Figures) -> str:
    """What an inconclusive comparison needs; "about 12 blocks" helps nobody who has 15."""
    if found.needed_blocks > found.n:
        return f"; needs about {found.needed_blocks} blocks"
    if found.p <= ALPHA:
        return f"; a difference on its own (p = {found.p:.2g}), not among this many metrics"
    return f"; needs more blocks than the {found.needed_blocks} that its spread asks for"


def percent(share: float) -> str:
    """A share as a percentage with at most one decimal: 0.05 is "5 %"."""
    return f"{round(100 * share, 1):g} %"
