"""A verdict in words."""

import math

from harness.judge.claims import Claim, Kind
from harness.judge.families import ALPHA
from harness.judge.figures import Figures

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
