"""A survey as the README has it: a table of frameworks, and what it was measured on."""

from collections.abc import Iterator, Sequence
from datetime import date

from harness.cli.numbers import number
from harness.report.answer.lines import Line, lines
from harness.report.answer.markdown import voids
from harness.report.answer.ranking import Ranking, kills, rankings
from harness.report.answer.table import Answer
from harness.report.page.select import Selection
from harness.report.titles import title

# Headings by the metric that a column is of.
HEADINGS = {
    "drain_rate": "drained, tasks/s",
    "workers_cpu_per_task": "CPU per task, µs",
    "sojourn_p99": "p99{at}, ms",
    "workers_pss_peak": "memory, MiB",
}
WITH_INTERVAL = {"drain_rate"}
AFTER_KILL = "after a kill -9, done again"


def block(found: Selection) -> str:
    """The table, and two lines below it."""
    ranked = columns(rankings(found.facts))
    shown = [each for each in lines(found.arms, found.facts, ranked) if not each.is_floor]
    return "\n".join([*table(shown, ranked), "", *below(found, ranked)]) + "\n"


def index(found: Selection) -> str:
    """What results/README.md says of it: where it is from, and what has no figure and why."""
    ranked = columns(rankings(found.facts))
    without = "\n".join(voids([*ranked, *kills(found.facts)[:1]]))
    said = f"Measured on {', '.join(measured_on(found))}.\n"
    return f"{said}\nWithout a figure:\n\n{without}\n" if without else said


def columns(ranked: Sequence[Ranking]) -> list[Ranking]:
    """Those that the README shows, in its order."""
    known = {each.question.metric: each for each in ranked}
    return [known[metric] for metric in HEADINGS if metric in known]


def table(shown: Sequence[Line], ranked: Sequence[Ranking]) -> Iterator[str]:
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


def text(cell: Answer, metric: str) -> str:
    """The best in bold; the interval where the README has room for it."""
    middle = f"**{cell.text}**" if cell.best else cell.text
    if metric in WITH_INTERVAL and cell.ends:
        return f"{middle} ({cell.ends.replace(' to ', '–')})"
    return middle


def below(found: Selection, ranked: Sequence[Ranking]) -> Iterator[str]:
    """What a figure is, and where and when it was measured."""
    best = "Bold: the best, and what cannot be told apart from it."
    yield f"Medians of {trials(ranked)}, the last column of one; {in_brackets(ranked)}. {best}"
    yield f"Measured on {', '.join(measured_on(found))}."


def trials(ranked: Sequence[Ranking]) -> str:
    counts = sorted({one.trials for each in ranked for one in each.estimates})
    several = f"{counts[0]} to {counts[-1]}" if len(counts) > 1 else f"{counts[0]}"
    return f"{several} trial{'s' if counts[-1] > 1 else ''}"


def in_brackets(ranked: Sequence[Ranking]) -> str:
    """What an interval of the first column is."""
    spreads = [one.spread for one in ranked[0].estimates if one.trials > 1]
    if not spreads:
        return "no intervals"
    if all(spread.sure for spread in spreads):
        return "in brackets the 95 % interval"
    least = min(spread.coverage for spread in spreads)
    return f"in brackets their range, which holds the true median in {100 * least:.0f} % of cases"


def measured_on(found: Selection) -> Iterator[str]:
    """Day, machine, Python, servers, experiment."""
    machine = {field.name: field.value for field in found.machine}
    [experiment] = {row.experiment_id for row in found.experiments}
    created = min(row.created for row in found.experiments)
    yield day(date.fromisoformat(created[:10]))
    if {"cores", "cpu_model"} <= machine.keys():
        yield f"{machine['cores']} cores ({machine['cpu_model']})"
    yield f"Python {' and '.join(dict.fromkeys(arm.python_version for arm in found.arms))}"
    yield from dict.fromkeys(title(arm.broker_version) for arm in found.arms)
    yield f"experiment `{experiment}`"


def day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"
