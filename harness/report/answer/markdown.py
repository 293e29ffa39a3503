"""The answer as Markdown: for a pull request, or for a blog."""

from collections.abc import Iterator, Sequence

from harness.cli.numbers import number
from harness.report.answer.estimates import Estimate
from harness.report.answer.ranking import Ranking
from harness.report.answer.sentences import beside_floor, said


def summary(
    rankings: Sequence[Ranking],
    where: Sequence[str],
    caveats: Sequence[str],
    killed: Sequence[Ranking] = (),
) -> str:
    """A title, a table of arms by question, a sentence a question, and where it was measured."""
    if not rankings:
        return "No valid figure yet.\n"
    lead = said(rankings[0])
    parts = [
        f"### {lead.sentence}",
        lead.how.capitalize() + ".",
        "\n".join(table([*rankings, *killed])),
        "\n".join(f"- {told.sentence}: {told.how}." for told in map(said, rankings[1:])),
        "\n".join(voids(rankings)),
        f"{' · '.join(where)}.",
        "\n".join(f"> {caveat}" for caveat in caveats),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def table(rankings: Sequence[Ranking]) -> Iterator[str]:
    """A row an arm, in the order of the first question; the best of each in bold."""
    yield f"| arm | {' | '.join(map(heading, rankings))} |"
    yield "|---" + "|---:" * len(rankings) + "|"
    labels = dict.fromkeys(one.label for ranking in rankings for one in ranking.estimates)
    for label in labels:
        cells = (cell(ranking, label) for ranking in rankings)
        yield f"| {label} | {' | '.join(cells)} |"


def heading(ranking: Ranking) -> str:
    offered = ranking.estimates[0].offered
    at = f" at {number(offered)}/s" if offered is not None and ranking.equal else ""
    return f"{ranking.title}{at}"


def cell(ranking: Ranking, label: str) -> str:
    """The median with its interval or range, and how many times the floor's it is."""
    found = [one for one in ranking.estimates if one.label == label]
    return (
        figure(found[0], best=found[0] in ranking.of_frameworks().leaders and ranking.equal)
        if found
        else "–"
    )


def figure(one: Estimate, *, best: bool) -> str:
    middle = f"**{number(one.value)}**" if best else number(one.value)
    if one.trials > 1:
        middle = f"{middle} ({number(one.spread.low)}–{number(one.spread.high)})"
    return ", ".join(filter(None, [middle, beside_floor(one)]))


def voids(rankings: Sequence[Ranking]) -> Iterator[str]:
    """What is invalid, each reason once."""
    told = {
        (void.why, ", ".join(void.labels), void.reason)
        for ranking in rankings
        for void in ranking.voids
        if void.reason
    }
    for why, labels, reason in sorted(told):
        yield f"- {labels}, {why}: {reason}."
