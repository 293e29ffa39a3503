"""Every scenario as a table in Markdown, for a note: a line per load and arm, a column per metric
that the scenario judges or draws.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.cli.numbers import UNITS, in_words, number
from harness.cli.prices import Prices
from harness.cli.words import scenario_names
from harness.report.by_name import by_name
from harness.report.costs import PARTS, Cost, costs, headline, interval_said
from harness.report.markdown import table
from harness.report.rows.grouped import grouped
from harness.report.rows.latest import ShownTrial
from harness.report.rows.trials import Median, State
from harness.report.terminal.costs import asked, interval, share
from harness.report.terminal.latest import Latest
from harness.report.terminal.tables import reasons, source
from harness.scenario.catalogue import load_scenario, load_words
from harness.scenario.chart import TITLES
from harness.scenario.scenario import Scenario

NONE = "–"
MEASURED = re.compile(r"\d+\.\d+")  # in a remark
COUNTS = {"attempts", "entries", "lines", "tasks", "ticks", "workers"}  # units of what is counted
RATES = {"1/s", "tasks/s"}


def in_markdown(found: Latest, prices: Prices) -> str:
    """All scenarios, and what it costs."""
    parts = [part for name in found.scenarios() for part in section(found.of(name), name)]
    if priced := headline(costs(found.costs, prices)):
        parts += [f"### Costs, {prices.currency}", cost_table(priced)]
        parts += filter(None, [interval_said(priced)])
    return "\n\n".join(parts) + "\n"


def section(found: Latest, scenario: str) -> Iterator[str]:
    yield f"### {scenario}"
    if (own := known(scenario)) and own.question:
        yield own.question
    yield figures_of(found, scenario)
    if notes := [*asked_by_name(found, scenario), *why(found), *remarked(found.trials)]:
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
    """As the scenario's chart calls it, with its unit where the words do not say it."""
    own = known(scenario)
    titles = {chart.metric: chart.title for chart in own.charts} if own else {}
    words = titles.get(name) or TITLES.get(name) or in_words(name)
    said = unit in COUNTS or (unit in RATES and "per second" in words)
    return ", ".join(filter(None, [words, "" if said else UNITS.get(unit, unit)]))


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


def asked_by_name(found: Latest, scenario: str) -> Iterator[str]:
    """What the broker was asked, by its own names, where the scenario counts that."""
    if own := known(scenario):
        yield from (f"- {sentence}" for _, sentence in by_name(found.medians, own))


def why(found: Latest) -> Iterator[str]:
    for kind, where, reason in reasons(found.states):
        yield f"- {kind}: {where}: {' '.join(reason.split())}"


def remarked(trials: Sequence[ShownTrial]) -> Iterator[str]:
    """What was remarked on valid trials, each once with the arms and loads that it is of."""
    told = [
        (trial, remark)
        for trial in trials
        if trial.status == "ok" and trial.remarks
        for remark in " ".join(trial.remarks.split()).split("; ")
    ]
    for own in grouped(told, lambda each: MEASURED.sub("", each[1])):
        of_arms = grouped([trial for trial, _ in own], lambda trial: trial.arm)
        where = ", ".join(of_arm(each, trials) for each in of_arms)
        yield f"- remark: {where}: {in_one([remark for _, remark in own])}"


def of_arm(own: Sequence[ShownTrial], trials: Sequence[ShownTrial]) -> str:
    """The arm, and which of its loads; with their scenario where there are several."""
    every = [trial for trial in trials if trial.arm == own[0].arm]
    several = len({trial.scenario for trial in trials}) > 1
    loads = [
        [load_words((t.scenario, t.point)) if several else t.point for t in some]
        for some in (own, every)
    ]
    return own[0].label + of_loads(*loads)


def of_loads(own: Sequence[str], every: Sequence[str]) -> str:
    """`` (steady; autoscaled)``; empty where these are all that there are."""
    if {*own} == {*every}:
        return ""
    return f" ({'; '.join(dict.fromkeys(own))})"


def in_one(remarks: Sequence[str]) -> str:
    """Remarks that differ in what was measured only, with its range."""
    texts, values = MEASURED.split(remarks[0]), zip(*map(MEASURED.findall, remarks), strict=True)
    said = [" to ".join(dict.fromkeys((min(v, key=float), max(v, key=float)))) for v in values]
    return "".join(text + value for text, value in zip(texts, [*said, ""], strict=True))


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
