"""``results``: the latest figures of every arm on the terminal, and the latest verdicts.

A bar is a share of the largest median beside it: same scenario, metric and load. The figures are
those of the report page, its queries and its choice of experiments included.
"""

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from harness.cli.words import scenario_names
from harness.judge.claims import Kind
from harness.judge.sentences import MARKS
from harness.report.numbers import number
from harness.report.rows.latest import LatestVerdict
from harness.report.rows.trials import Median, State
from harness.report.terminal.latest import Latest
from harness.scenario.catalogue import load_scenario, load_words

BAR = 24  # characters of the longest
EIGHTHS = " ▏▎▍▌▋▊▉█"
CAVEAT = "Arms of a bench are measured one after the other: a description, not a verdict."
QUICK = "Quick size decides nothing."


def pieces(found: Latest) -> Iterator[Table | str]:
    """What is printed, piece by piece."""
    for scenario in found.scenarios():
        yield from figures(found.of(scenario), scenario)
    quick = any(row.size == "quick" for row in found.sizes)
    yield f"[dim]{CAVEAT}{' ' + QUICK if quick else ''}[/]"
    if not found.verdicts:
        yield "No verdict yet: nox -s compare -- ARM ARM"
        return
    first = found.verdicts[0]
    note = f" {QUICK}" if first.size == "quick" else ""
    yield ""
    yield f"[bold underline]verdicts[/] [dim]{first.command} of {first.day}.{note}[/]"
    yield verdict_table(found.verdicts)


def figures(found: Latest, scenario: str) -> Iterator[Table | str]:
    """A table a metric of one scenario, or why there is none."""
    yield f"[bold underline]{escape(scenario)}[/] [dim]{escape(source(found))}[/]"
    metrics = shown_metrics(found, scenario)
    for metric in metrics:
        yield metric_table(found, scenario, metric)
    if not metrics:
        yield from map(no_figure, found.states)
    yield ""


def source(found: Latest) -> str:
    """Which experiments the figures are of."""
    own = {row.experiment_id: f"{row.command} of {row.day}, {row.size} size" for row in found.sizes}
    return "; ".join(own.values())


def shown_metrics(found: Latest, scenario: str) -> list[str]:
    """The primary metrics that some arm has; of a scenario without a file, whatever there is."""
    there = {median.name for median in found.medians}
    if scenario not in scenario_names():
        return sorted(there)
    return [name for name in load_scenario(scenario).primary_names if name in there]


def metric_table(found: Latest, scenario: str, metric: str) -> Table:
    """A line a load and arm: the median of its ok trials, a bar, their range and number."""
    medians = {(m.point, m.arm): m for m in found.medians if m.name == metric}
    largest: dict[str, float] = {}
    for median in medians.values():
        largest[median.point] = max(largest.get(median.point, 0.0), abs(median.median))
    table = empty_table(title(scenario, metric, next(iter(medians.values())).unit))
    for state in found.states:
        median_of_state = medians.get((state.point, state.arm))
        table.add_row(*line(state, median_of_state, largest.get(state.point, 0.0)))
    return table


def empty_table(heading: str) -> Table:
    table = Table(
        title=heading, title_justify="left", title_style="bold", box=None, header_style="dim"
    )
    for name in ("load", "arm"):
        table.add_column(name, no_wrap=True)
    table.add_column("median", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=BAR)
    table.add_column("range", no_wrap=True)
    table.add_column("ok trials", overflow="fold")
    return table


def title(scenario: str, metric: str, unit: str) -> str:
    """Which way is better is known of scenarios that have a file."""
    name = f"{metric}{', ' if unit else ''}{unit}"
    if scenario not in scenario_names():
        return name
    return f"{name} ({load_scenario(scenario).primary_named(metric).better} is better)"


def line(state: State, found: Median | None, largest: float) -> tuple[str, ...]:
    """The cells of one arm at one load; without a figure, why there is none."""
    begin = (escape(state.point), escape(state.label))
    count = f"{state.ok} of {state.trials}"
    if found is None:
        why = f": {state.reason}" if state.reason else ""
        return (*begin, "—", "", "", escape(count + why))
    spread = f"{number(found.low)} – {number(found.high)}" if found.trials > 1 else "one trial"
    drawn = bar(abs(found.median) / largest) if largest else ""
    return (*begin, number(found.median), f"[cyan]{drawn}[/]", spread, count)


def bar(share: float, width: int = BAR) -> str:
    """A bar of ``share`` (0 to 1) of ``width`` characters, in eighths of one."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[8] * whole + (EIGHTHS[rest] if rest else "")


def no_figure(state: State) -> str:
    why = state.reason or "no primary metric was measured"
    return escape(f"{state.point} {state.label}: {why}".strip())


def verdict_table(verdicts: Sequence[LatestVerdict]) -> Table:
    table = Table("verdict", "of", "in words", box=None, header_style="dim")
    for verdict in verdicts:
        load = load_words((verdict.scenario, verdict.point))
        table.add_row(MARKS[Kind(verdict.kind)], escape(load), escape(verdict.sentence))
        for remark in remarks(verdict):
            table.add_row("", "", f"[yellow]{escape(remark)}[/]")
    return table


def remarks(verdict: LatestVerdict) -> Iterator[str]:
    if verdict.cross_check:
        yield verdict.cross_check
    if verdict.later:
        yield f"{verdict.later}: the figures above are of a later experiment."
