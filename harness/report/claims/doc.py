"""``python -m harness.report.claims.doc``: write docs/claims.md from the claims' declarations and
the export in results/claims.
"""

from collections.abc import Iterable, Iterator, Sequence

from harness.cli.claims import Claim, Measurement, read_claims
from harness.cli.matrix import read_matrix
from harness.judge.reproduction import LEAST_BLOCKS, Finding
from harness.report.claims.answers import Answer, Answered, answered
from harness.report.claims.measured import read_exported
from harness.report.claims.words import figure_words, region_words
from infrastructure.root import ROOT

PAGE = ROOT / "docs" / "claims.md"
RESULTS = ROOT / "results" / "claims"
HEAD = f"""\
# Claims of others, measured again

`python -m harness.report.claims.doc` writes this page from [claims/](../claims/), where each claim
is declared with its bounds, and from the export in [results/claims](../results/README.md).
`nox -s claims` measures all of them again within 90 minutes, `nox -s claims -- NAME` one.

Each claim is measured under its own conditions, as near as they can be had here, and then properly:
warm workers that drain a backlog with as many slots on either side. Where its likely flaw can be
measured, that is the third line. All arms of a claim take part in every block, in random order. A
figure is the pseudomedian over blocks with its 95 % signed-rank interval, which takes
{LEAST_BLOCKS} blocks; a ratio is taken within each block.

*Reproduced* means that the whole interval lies in the region that was named before the measurement,
*not reproduced* that it lies wholly in the region that refutes the claim. Everything else is *not
decidable*. The machine is not theirs: a ratio can be compared with a claim, a figure of another
machine only roughly.
"""
NOT_MEASURED = "not measured yet"
COLUMNS = ("", "what was measured", "figure, 95 % interval", "reproduced if", "refuted if", "")


def page(found: Sequence[Answered]) -> str:
    """docs/claims.md as it should be."""
    sections = [section(each) for each in found]
    return "\n".join([HEAD, counted(found), "", overview(found), *sections])


def counted(found: Sequence[Answered]) -> str:
    """How many of the claims are what."""
    measured = [each for each in found if any(answer.experiment for answer in each.answers)]
    numbers = [sum(each.finding is finding for each in measured) for finding in Finding]
    said = ", ".join(f"{n} {finding}" for n, finding in zip(numbers, Finding, strict=True))
    left = len(found) - len(measured)
    others = f" {left} more are declared and not measured yet." if left else ""
    return f"{len(measured)} claims, measured properly: {said}.{others}"


def overview(found: Iterable[Answered]) -> str:
    rows = [
        (
            f"[{each.claim.claims}](#{each.claim.name})",
            cell(each.of("as they did")),
            cell(each.of("properly")),
        )
        for each in found
    ]
    return table(("claim", "as they did", "properly"), rows)


def cell(found: Answer | None) -> str:
    if found is None:
        return ""
    if not found.experiment:
        return NOT_MEASURED
    return f"{found.finding}: {figure_words(found.measurement, found.figure)}"


def section(found: Answered) -> str:
    return "\n".join([f"## {found.claim.name}\n", *paragraphs(found), "", measured(found)])


def paragraphs(found: Answered) -> Iterator[str]:
    claim = found.claim
    yield f"**{capital(claim.claims)}.** {said_by(claim)}\n"
    yield f"*Their conditions:* {flat(claim.conditions)}\n"
    yield f"*The likely flaw:* {flat(claim.flaw)}\n"
    experiments = sorted({each.experiment for each in found.answers if each.experiment})
    blocks = sorted({each.figure.blocks for each in found.answers if each.experiment})
    if experiments:
        counts = " and ".join(map(str, blocks))
        yield f"Experiment {', '.join(f'`{e}`' for e in experiments)}, {counts} blocks:"


def said_by(claim: Claim) -> str:
    return f"By {claim.by} ([source]({claim.url}), the {claim.seen} read on {claim.read})."


def measured(found: Answered) -> str:
    return table(COLUMNS, [line(found.claim, each) for each in found.answers])


def line(claim: Claim, found: Answer) -> Sequence[str]:
    asked = found.measurement
    confirm, refute = asked.bounds
    ends = " or ".join(map(region_words, refute))
    why = f": {found.why}" if found.why else ""
    said = f"**{found.finding}**{why}" if found.experiment else NOT_MEASURED
    return (
        asked.role,
        what(claim, found),
        figure_words(asked, found.figure),
        region_words(confirm),
        ends,
        said,
    )


def what(claim: Claim, found: Answer) -> str:
    """The sentence where it is another, the note, and each side with its figure."""
    asked = found.measurement
    said = [f"{capital(asked.claims)}." if asked.claims != claim.claims else ""]
    said.append(f"{capital(asked.note)}." if asked.note else "")
    return "<br>".join(filter(None, [*said, *sides(asked, found)]))


def sides(asked: Measurement, found: Answer) -> Iterator[str]:
    """As typed, with the load, and of a ratio what each comes to."""
    for number, side in enumerate(asked.sides):
        over = "over " if number else ""
        own = f": {own_figure(asked, found, number)}" if asked.over and found.each else ""
        yield f"{over}`{side.arm}`, {side.load}{own}"


def own_figure(asked: Measurement, found: Answer, number: int) -> str:
    words = figure_words(asked, found.each[number])
    return words if words == "–" else f"{words} {asked.unit}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def flat(text: str) -> str:
    """One line."""
    return " ".join(text.split())


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def published() -> str:
    """The page of what is there."""
    files = sorted((RESULTS / "trials").glob("*.parquet"))
    return page(answered(read_claims(), read_matrix(), read_exported(files)))


def main() -> None:
    PAGE.write_text(published())
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
