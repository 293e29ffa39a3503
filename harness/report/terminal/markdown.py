"""Every scenario as a table in Markdown, for a note: a line per load and arm, a column per metric
that the scenario judges or draws.
"""

from collections.abc import Iterator, Mapping, Sequence

from harness.cli.numbers import UNITS, in_words, number
from harness.cli.prices import Prices
from harness.cli.words import scenario_names
from harness.report.costs import PARTS, Cost, costs, headline
from harness.report.markdown import table
from harness.report.rows.trials import Median, State
from harness.report.terminal.costs import asked, interval, share
from harness.report.terminal.latest import Latest
from harness.report.terminal.tables import reasons, source
from harness.scenario.catalogue import load_scenario
from harness.scenario.chart import TITLES
from harness.scenario.scenario import Scenario

NONE = "–"
COUNTS = {"attempts", "entries", "lines", "tasks", "ticks", "workers"}  # units of what is counted


def in_markdown(found: Latest, prices: Prices) -> str:
    """All scenarios, and what it costs."""
    parts = [part for name in found.scenarios() for part in section(found.of(name), name)]
    if priced := headline(costs(found.costs, prices)):
        parts += [f"### Costs, {prices.currency}", cost_table(priced)]
    return "\n\n".join(parts) + "\n"


def section(found: Latest, scenario: str) -> Iterator[str]:
    yield f"### {scenario}"
    if (own := known(scenario)) and own.question:
        yield own.question
    yield figures_of(found, scenario)
    if notes := [*by_name(found, scenario), *why(found)]:
        yield "\n".join(notes)
    yield f"{source(found)}. Medians of the valid trials, and their range where there are several."


def figures_of(found: Latest, scenario: str) -> str:
    """The table: a line a load and arm."""
    names = shown(found, scenario)
    units = {median.name: median.unit for median in found.medians}
    heading = [title(scenario, name, units[name]) for name in names]
    lines = [line(found, state, names) for state in found.states]
    return table(["load", "arm", *heading, "valid"], lines).rstrip()


def known(scenario: str) -> Scenario | None:
    """The scenario, where it has a file."""
    return load_scenario(scenario) if scenario in scenario_names() else None


def shown(found: Latest, scenario: str) -> list[str]:
    """The primary metrics, then those of its charts, as far as some arm has them; of a scenario
    without a file all there are.
    """
    there = {median.name for median in found.medians}
    if not (own := known(scenario)):
        return sorted(there)
    names = dict.fromkeys([*own.primary_names, *(chart.metric for chart in own.charts)])
    return [name for name in names if name in there]


def title(scenario: str, name: str, unit: str) -> str:
    """As the scenario's chart calls it, with its unit."""
    own = known(scenario)
    titles = {chart.metric: chart.title for chart in own.charts} if own else {}
    words = titles.get(name) or TITLES.get(name) or in_words(name)
    return ", ".join(filter(None, [words, UNITS.get(unit, unit)]))


def line(found: Latest, state: State, names: Sequence[str]) -> list[str]:
    own = {m.name: m for m in found.medians if (m.point, m.arm) == (state.point, state.arm)}
    cells = [figure(own, name) if name in own else NONE for name in names]
    valid = "cannot" if state.gap == state.trials else f"{state.ok} of {state.trials}"
    return [state.point or "all", state.label, *cells, valid]


def figure(own: Mapping[str, Median], name: str) -> str:
    """With the interval that those of its trials span, where each has its own; else with the range
    of several trials, unless they agree.
    """
    median, ends = own[name], (f"{name}_low", f"{name}_high")
    if all(end in own for end in ends):
        low, high = own[ends[0]].low, own[ends[1]].high
        return f"{number(median.median)} [{number(low)}, {number(high)}]"
    return ranged(median)


def ranged(median: Median) -> str:
    middle, low, high = (
        f"{value:,.0f}" if median.unit in COUNTS and value == round(value) else number(value)
        for value in (median.median, median.low, median.high)
    )
    return middle if low == high else f"{middle} ({low} to {high})"


def by_name(found: Latest, scenario: str) -> Iterator[str]:
    """What the broker was asked, by its own names, where the scenario counts that."""
    own = known(scenario)
    prefix = own.by_name if own else ""
    total = shown(found, scenario)
    for state in found.states if prefix else ():
        counts = [
            f"{median.name.removeprefix(prefix)} {number(median.median)}"
            for median in found.medians
            if (median.point, median.arm) == (state.point, state.arm)
            and median.name.startswith(prefix)
            and median.unit == "1/s"
            and median.name not in total
        ]
        if counts:
            yield f"- {state.label}, {state.point}, per second: {', '.join(counts)}"


def why(found: Latest) -> Iterator[str]:
    for kind, where, reason in reasons(found.states):
        yield f"- {kind}: {where}: {' '.join(reason.split())}"


def cost_table(priced: Sequence[Cost]) -> str:
    heading = ["of", "load", "arm", "price", "interval", *PARTS, "how many requests"]
    lines = [
        [
            cost.of,
            cost.load,
            cost.label,
            number(cost.value),
            interval(cost),
            *(share(cost, part) for part in PARTS),
            asked(cost) or NONE,
        ]
        for cost in priced
    ]
    return table(heading, lines).rstrip()
