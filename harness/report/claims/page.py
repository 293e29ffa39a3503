"""docs/claims.md: what became of each claim, from its declaration and what was measured."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from harness.cli.claims import PublishedClaim
from harness.judge.reproduction import LEAST_BLOCKS, Finding
from harness.report.claims.answers import AnsweredClaim, ClaimAnswer
from harness.report.claims.words import (
    NOT_MEASURED,
    because,
    figure_words,
    finding_words,
    region_words,
)
from harness.report.markdown import Behind, linked, nowhere, table
from harness.report.published.grounds import Ground, day
from harness.report.titles import capital, slug
from infrastructure.counted import counted, ranging

HEAD = """\
# Claims of others, measured again

How fast a Python task queue is said to be, by those who made one or compared some, and what
becomes of it under their conditions and under equal ones.
"""
HOW = f"""\
## How a claim is judged

Each is measured *as they did*, as near as that can be had here, and then *properly*: warm workers
drain a backlog, with as many slots on either side. A third line measures the likely flaw, where
that can be done. All arms of a claim take part in every block, in random order. A figure is the
pseudomedian over blocks, with its 95 % signed-rank interval in brackets, which takes {LEAST_BLOCKS}
blocks; a ratio is taken within each block.

*Reproduced* means that the whole interval lies in the region that was named before the measurement,
*not reproduced* that it lies wholly in a region that refutes the claim. Anything else is *not
decidable*. The machine is not theirs: ratios can be compared with a claim, rates only roughly.

Arms are written as for `nox -s compare`: two processes with one task at a time each, or after
`take=` other slots, after `set=` a setting of the framework. `profile=default` is its stock command
line, `profile=tuned` what its documentation advises, `@solo` a pool of Celery's.

Loads: `throughput` is a backlog of tasks that do nothing, *naps* one of tasks that sleep,
*computing* one of tasks that compute for about 2 ms. *running* sends no-ops to workers that work
meanwhile, *started* has 10,000 of them wait for workers that are then started.

[claims/](../claims/) declares each claim with its bounds, [results/claims](../results/README.md)
has every trial. `nox -s claims` measures all of them within 90 minutes.
"""
COLUMNS = ("", "what was measured", "figure, 95 % interval", "reproduced if", "refuted if", "")


def page(
    found: Sequence[AnsweredClaim], grounds: Mapping[str, Ground], behind: Behind = nowhere
) -> str:
    """As it should be. ``grounds``: of each experiment."""
    sections = [section(each, grounds, behind) for each in found]
    return "\n".join([HEAD, tally(found), "", overview(found), HOW, *sections])


def tally(found: Sequence[AnsweredClaim]) -> str:
    """How many of the claims are what."""
    measured = [each for each in found if each.main.experiment]
    numbers = [sum(each.finding is finding for each in measured) for finding in Finding]
    said = [f"{n} {finding}" for n, finding in zip(numbers, Finding, strict=True)]
    left = len(found) - len(measured)
    others = f" {left} more: {NOT_MEASURED}." if left else ""
    return f"{counted(len(measured), 'claim')}, measured properly: {', '.join(said)}.{others}"


def overview(found: Iterable[AnsweredClaim]) -> str:
    rows = [
        (
            f"[{capital(each.claim.claims)}](#{slug(each.claim.claims)})",
            cell(each.of("as they did")),
            cell(each.of("properly")),
        )
        for each in found
    ]
    return table(("claim", "as they did", "properly"), rows)


def cell(found: ClaimAnswer | None) -> str:
    if found is None:
        return ""
    if not found.experiment:
        return NOT_MEASURED
    return f"**{found.finding}**<br>{figure_words(found.measurement, found.figure)}"


def section(found: AnsweredClaim, grounds: Mapping[str, Ground], behind: Behind) -> str:
    parts = [f"## {capital(found.claim.claims)}\n", *paragraphs(found)]
    return "\n".join([*parts, measured(found, behind), *repeated(found, grounds)])


def paragraphs(found: AnsweredClaim) -> Iterator[str]:
    """The answer, the reason, whose claim it is."""
    claim = found.claim
    yield f"{' '.join(lead(found))}\n"
    yield f"*The likely flaw:* {flat(claim.flaw)}\n"
    yield f"*Claimed* {said_by(claim)} *Their conditions:* {flat(claim.conditions)}\n"


def lead(found: AnsweredClaim) -> Iterator[str]:
    """The answer in a sentence a measurement, that which decides first."""
    main = found.main
    yield f"**{capital(finding_words(main))}**{of_what(main)}{because(main)}."
    for other in found.answers:
        asked = other.measurement
        about = capital(asked.claims) if asked.role == "why" else f"Measured {asked.role}"
        if other is not main:
            yield f"{about}{of_what(other)}: {finding_words(other)}{because(other)}."


def of_what(found: ClaimAnswer) -> str:
    """Its arms, as the claim's declaration describes them."""
    note = found.measurement.note
    return f" ({note})" if note else ""


def said_by(claim: PublishedClaim) -> str:
    return f"by {claim.by} ([{claim.seen}]({claim.url}), read on {day(claim.read)})."


def measured(found: AnsweredClaim, behind: Behind) -> str:
    return table(COLUMNS, [line(found.claim, each, behind) for each in found.answers])


def line(claim: PublishedClaim, found: ClaimAnswer, behind: Behind) -> Sequence[str]:
    asked = found.measurement
    confirm, refute = asked.bounds
    return (
        asked.role,
        what(claim, found, behind),
        linked(figure_words(asked, found.figure), first(found, behind)),
        region_words(confirm),
        " or ".join(map(region_words, refute)),
        f"**{found.finding}**{because(found)}" if found.experiment else NOT_MEASURED,
    )


def what(claim: PublishedClaim, found: ClaimAnswer, behind: Behind) -> str:
    """The sentence where it is another, and each side with its figure."""
    asked = found.measurement
    said = [f"{capital(asked.claims)}:"] if asked.claims != claim.claims else []
    return "<br>".join([*said, *sides(found, behind)])


def sides(found: ClaimAnswer, behind: Behind) -> Iterator[str]:
    """As typed, with the load, and of a ratio what each comes to."""
    asked = found.measurement
    for number, side in enumerate(asked.sides):
        over = "over " if number else ""
        own = f": {own_figure(found, number, behind)}" if asked.over and found.each else ""
        yield f"{over}`{side.arm}`, {side.load.replace('claimed at ', '')}{own}"


def own_figure(found: ClaimAnswer, number: int, behind: Behind) -> str:
    words = figure_words(found.measurement, found.each[number], found.measurement.unit)
    arm = found.arms[number]
    return linked(words, behind(arm) if arm else "")


def first(found: ClaimAnswer, behind: Behind) -> str:
    """Where the trials of its first side stand."""
    arm = next(iter(found.arms), None)
    return behind(arm) if arm else ""


def repeated(found: AnsweredClaim, grounds: Mapping[str, Ground]) -> Iterator[str]:
    """What measures it again, and what it was measured on."""
    yield f"Again: `nox -s claims -- {found.claim.name}`\n"
    for experiment in found.experiments:
        blocks = ranging(e.figure.blocks for e in found.answers if e.experiment == experiment)
        yield f"{blocks} blocks, {grounds[experiment].words}.\n"


def flat(text: str) -> str:
    """One line."""
    return " ".join(text.split())
