"""A verdict in words."""

import math
from collections.abc import Iterator

from harness.judge.claims import UNCERTAIN, Claim, Kind
from harness.judge.families import ALPHA
from harness.judge.figures import Figures
from harness.judge.pairs import log_margin
from harness.judge.planning import half_margin
from infrastructure.counted import counted

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


# How the sentence of a kind begins.
OPENINGS = {
    Kind.FASTER: "{candidate} is {better} than {baseline} by at least {margin}",
    Kind.SLOWER: "{candidate} is {worse} than {baseline} by at least {margin}",
    Kind.EQUIVALENT: "No difference larger than {margin} between {candidate} and {baseline}",
    Kind.FASTER_UNCERTAIN: "{candidate} is {better} than {baseline}, size uncertain",
    Kind.SLOWER_UNCERTAIN: "{candidate} is {worse} than {baseline}, size uncertain",
    Kind.INCONCLUSIVE: "Inconclusive whether {candidate} differs from {baseline}",
}


def sentence(claim: Claim, kind: Kind, found: Figures, p_holm: float) -> str:
    """Opening, ratio with its interval, blocks, pins and p, sensitivity, and what it would take."""
    words = claim.wording
    opening = OPENINGS[kind].format(**vars(words), margin=percent(claim.margin))
    level, interval = ("90", found.narrow) if kind is Kind.EQUIVALENT else ("95", found.interval)
    ratio = [
        f"{opening}: {words.metric} {words.candidate} / {words.baseline} = {found.ratio:#.4g}",
        f"{level} % interval [{math.exp(interval.low):#.4g}, {math.exp(interval.high):#.4g}]",
        counted(found.n, "block"),
        *filter(None, [words.pinned]),
        f"Holm p = {p_holm:.2g}",
    ]
    strata = [found.strata] if found.strata else []
    parts = [", ".join(ratio), *strata, seen(found), *remedies(claim, kind, found)]
    return "; ".join(parts) + "."


def withheld_sentence(claim: Claim) -> str:
    words, reasons = claim.wording, "; ".join(claim.complaints)
    return f"No verdict on {words.metric} of {words.candidate} against {words.baseline}: {reasons}."


def seen(found: Figures) -> str:
    """The smallest difference that would have shown, rounded up so that it never flatters."""
    if found.sensitivity is None:
        return f"no difference could have been seen among {counted(found.family, 'claim')}"
    share = max(0.001, math.ceil(found.sensitivity * 1000 - 1e-6) / 1000)
    return f"differences below {percent(share)} would go unnoticed"


def remedies(claim: Claim, kind: Kind, found: Figures) -> Iterator[str]:
    """What more could be said of this metric alone, and what an undecided one needs: "about 12
    blocks" helps nobody who has 15.
    """
    among = f"on its own, not among {counted(found.family, 'claim')}"
    margin, needed = log_margin(claim.margin), found.needed_blocks
    if kind in UNCERTAIN and found.interval.beyond(margin):
        yield f"beyond {percent(claim.margin)} {among}"
    if kind is not Kind.INCONCLUSIVE:
        return
    if found.narrow.inside(margin):
        yield f"within {percent(claim.margin)} {among}"
    elif found.p.different <= ALPHA:
        yield f"a difference {among} (p = {found.p.different:.2g})"
    half = percent(half_margin(claim.margin))
    if needed > found.n:
        yield f"about {needed} blocks would resolve {half}"
    else:
        yield f"more than the {needed} blocks that its spread asks for would resolve {half}"


def percent(share: float) -> str:
    """A share as a percentage with at most one decimal: 0.05 is "5 %"."""
    return f"{round(100 * share, 1):g} %"
