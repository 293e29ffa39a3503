"""Tables of a scenario on the terminal: by load a line an arm, the best first."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from harness.cli.numbers import number
from harness.cli.words import scenario_names
from harness.report.answer.sentences import times
from harness.report.rows.grouped import grouped
from harness.report.rows.trials import Median, State
from harness.report.terminal.bar import LEAST, Bar
from harness.report.terminal.latest import Latest
from harness.scenario.catalogue import load_scenario
from harness.scenario.primary import Better

BAR = 24  # characters of the longest
MOST_NAMES = 4  # of those without a figure


def figures(found: Latest, scenario: str, most: int | None) -> Iterator[RenderableType]:
    """A table a metric with the ``most`` best of each load, and why trials are not valid."""
    yield f"[bold underline]{escape(scenario)}[/] [dim]{escape(source(found))}[/]"
    metrics = shown_metrics(found, scenario)
    for metric in metrics:
        yield metric_table(found, scenario, metric, most)
    if not metrics and any(state.ok for state in found.states):
        yield "no primary metric was measured"
    yield from why_not(found.states)
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


def metric_table(found: Latest, scenario: str, metric: str, most: int | None) -> Table:
    """A line a load and arm, the best first: the median, a bar, how many times the best's, range
    and number of valid trials.
    """
    medians = [median for median in found.medians if median.name == metric]
    states = {(state.point, state.arm): state for state in found.states}
    table = empty_table(title(scenario, metric, medians[0].unit))
    for own in grouped(medians, lambda median: median.point):
        if own[0].point:
            table.add_row(f"[dim]{escape(own[0].point)}[/]")
        order = sorted(own, key=lambda median: median.median, reverse=higher(scenario, metric))
        largest = max(abs(median.median) for median in own)
        for median in order[:most]:
            state = states[median.point, median.arm]
            table.add_row(*line(state, median, order[0], largest))
        if most is not None and len(order) > most:
            table.add_row(f"  [dim]… and {len(order) - most} more[/]")
    return table


def higher(scenario: str, metric: str) -> bool:
    if scenario not in scenario_names():
        return False
    return load_scenario(scenario).primary_named(metric).better is Better.HIGHER


def empty_table(heading: str) -> Table:
    table = Table(
        title=heading,
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="dim",
        pad_edge=False,
    )
    table.add_column("arm", no_wrap=True)
    table.add_column("median", justify="right", no_wrap=True)
    table.add_column("", min_width=LEAST)  # a bar is cut before anything else
    table.add_column("best ×", justify="right", no_wrap=True)
    table.add_column("range", no_wrap=True)
    table.add_column("valid", no_wrap=True)
    return table


def title(scenario: str, metric: str, unit: str) -> str:
    """Which way is better is known of scenarios that have a file."""
    name = f"{metric}{', ' if unit else ''}{unit}"
    if scenario not in scenario_names():
        return name
    return f"{name} ({load_scenario(scenario).primary_named(metric).better} is better)"


def line(state: State, found: Median, best: Median, largest: float) -> tuple[str | Bar, ...]:
    """The cells of one arm at one load, whose name stands above its arms."""
    spread = f"{number(found.low)} – {number(found.high)}" if found.trials > 1 else "one trial"
    drawn = Bar(abs(found.median) / largest, BAR) if largest else ""
    within = "  " if state.point else ""
    both = found is not best and found.median > 0 and best.median > 0
    ratio = max(found.median / best.median, best.median / found.median) if both else None
    return (
        within + escape(state.label),
        number(found.median),
        drawn,
        times(ratio) if ratio else "",
        spread,
        f"{state.ok} of {state.trials}",
    )


def why_not(states: Sequence[State]) -> Iterator[str]:
    """The loads and arms with trials that are not valid, each reason once, in console markup."""
    for kind, where, reason in reasons(states):
        yield f"[yellow]{kind}[/] {escape(where)}: {escape(reason)}"


def reasons(states: Sequence[State]) -> Iterator[tuple[str, str, str]]:
    """``cannot`` or ``invalid``, the loads and arms that are, and why; each reason once."""
    without = [state for state in states if state.ok < state.trials]
    for own in grouped(without, lambda state: (state.gap == state.trials, state.reason)):
        where = list(dict.fromkeys(f"{state.label} {state.point}".strip() for state in own))
        more = f" and {len(where) - MOST_NAMES} more" if len(where) > MOST_NAMES else ""
        kind = "cannot" if own[0].gap == own[0].trials else "invalid"
        yield kind, ", ".join(where[:MOST_NAMES]) + more, own[0].reason or "no reason stored"
