"""A survey as the README has it: a table of frameworks, and what it was measured on."""

from collections.abc import Iterator, Sequence

from harness.cli.numbers import number
from harness.report.answer.lines import ArmLine, lines
from harness.report.answer.markdown import voids
from harness.report.answer.ranking import Ranking, kills, rankings
from harness.report.answer.table import AnswerCell
from harness.report.published.survey import Survey
from harness.report.titles import title
from infrastructure.counted import counts

# Headings by the metric that a column is of.
HEADINGS = {
    "drain_rate": "drained, tasks/s",
    "workers_cpu_per_task": "CPU per task, µs",
    "sojourn_p99": "p99{at}, ms",
    "workers_pss_peak": "memory, MiB",
}
WITH_INTERVAL = {"drain_rate"}
AFTER_KILL = "after a kill -9, done again"


def block(survey: Survey) -> str:
    """The table, and two lines below it."""
    found = survey.found
    ranked = columns(rankings(found.facts))
    shown = [each for each in lines(found.arms, found.facts, ranked) if not each.is_floor]
    return "\n".join([*table(shown, ranked), "", *below(survey, ranked, shown)]) + "\n"


def index(survey: Survey) -> str:
    """What results/README.md says of it: where it is from, and what has no figure and why."""
    facts = survey.found.facts
    without = "\n".join(voids([*columns(rankings(facts)), *kills(facts)[:1]]))
    said = f"Measured on {survey.ground.words}, by {survey.ground.again}.\n"
    return f"{said}\nWithout a figure:\n\n{without}\n" if without else said


def columns(ranked: Sequence[Ranking]) -> list[Ranking]:
    """Those that the README shows, in its order."""
    known = {each.question.metric: each for each in ranked}
    return [known[metric] for metric in HEADINGS if metric in known]


def table(shown: Sequence[ArmLine], ranked: Sequence[Ranking]) -> Iterator[str]:
    yield f"| framework | broker | {' | '.join(map(heading, ranked))} | {AFTER_KILL} |"
    yield f"|---|---|{'---:|' * len(ranked)}---|"
    for line in shown:
        cells = [
            text(cell, each.question.metric) for cell, each in zip(line.cells, ranked, strict=True)
        ]
        first = f"{line.name} | {title(line.arm.broker)}"
        yield f"| {first} | {' | '.join(cells)} | {line.killed.text} |"


def heading(ranking: Ranking) -> str:
    offered = ranking.estimates[0].offered
    at = f" at {number(offered)}/s" if offered and ranking.equal else ""
    return HEADINGS[ranking.question.metric].format(at=at)


def text(cell: AnswerCell, metric: str) -> str:
    """The best in bold; the interval where the README has room for it."""
    middle = f"**{cell.text}**" if cell.best else cell.text
    if metric in WITH_INTERVAL and cell.ends:
        return f"{middle} ({cell.ends.replace(' to ', '–')})"
    return middle


def below(survey: Survey, ranked: Sequence[Ranking], shown: Sequence[ArmLine]) -> Iterator[str]:
    """What a figure is, and where and when it was measured."""
    best = "Bold: the best, and what cannot be told apart from it."
    yield f"Medians of {trials(ranked)}, the last column of one; {in_brackets(ranked)}. {best}"
    yield f"{twice(shown)}Measured on {survey.ground.words}."


def twice(shown: Sequence[ArmLine]) -> str:
    """What no row says: that nothing was repeated; empty where something was, or nobody killed."""
    killed = [line.kill for line in shown if line.kill]
    if not killed or any(kill.twice for kill in killed):
        return ""
    return "No task was done again more than once. "


def trials(ranked: Sequence[Ranking]) -> str:
    return counts({one.trials for each in ranked for one in each.estimates}, "trial")


def in_brackets(ranked: Sequence[Ranking]) -> str:
    """What an interval of the first column is."""
    spreads = [one.spread for one in ranked[0].estimates if one.trials > 1]
    if not spreads:
        return "no intervals"
    if all(spread.sure for spread in spreads):
        return "in brackets the 95 % interval"
    least = min(spread.coverage for spread in spreads)
    return f"in brackets their range, which holds the true median in {100 * least:.0f} % of cases"
