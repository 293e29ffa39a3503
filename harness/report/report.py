"""``report``: one self-contained page and PNG charts from what the database holds.

Every figure comes from a query in ``report/sql/page/report_*.sql``; this file selects, arranges and
formats. The database is read in one short visit and closed before anything is drawn.
"""

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import duckdb
from markupsafe import Markup
from rich.console import Console

from harness.cli.matrix import suggest
from harness.cli.progress import clock, seconds_left
from harness.cli.words import scenario_names
from harness.judge import fitted
from harness.report.charts import charts, experiments
from harness.report.charts.charts import Panel, number
from harness.report.charts.drivers import CAPTION as DRIVERS_CAPTION
from harness.report.charts.drivers import driver_panels, driver_series
from harness.report.filters import facets, script_data
from harness.report.flamegraph.page import largest, page_name, signed
from harness.report.overview import LEGEND, stripes
from harness.report.pages import FILTERS, render, svgs, write
from harness.scenario.catalogue import load_scenario, load_scenarios, load_words
from harness.scenario.primary import Better
from harness.scenario.scenario import Chart, Scenario
from harness.store.database import open_database
from harness.store.queries import fetch, select, sql
from harness.store.rows import Row
from infrastructure.errors import BenchError

# Temporary tables that the other queries read.
SELECTION = ("wanted", "arm", "shown", "shown_trial", "shown_verdict", "load", "lateness")
QUERIES = (
    "arms",
    "origins",
    "experiments",
    "totals",
    "machine",
    "differences",
    "conditions",
    "states",
    "metrics",
    "points",
    "distribution",
    "early",
    "completions",
    "depth",
    "resources",
    "checkpoints",
    "not_ok",
    "remarks",
    "selfbench",
    "verdicts",
    "blocks",
    "series",
    "changes",
    "noise",
    "proof",
    "search",
    "settings",
    "setting_differences",
    "effective",
    "floor",
    "drivers",
    "overview",
    "profiles",
    "functions",
    "allocations",
    "flamegraphs",
    "packages",
    "package_differences",
)
DRAWINGS = {  # each a PNG and an SVG beside the page
    "throughput_comparison": "Throughput: every trial a dot over the median",
    "latency_comparison": "Latency by offered load",
    "latency_distribution": "Latency distribution by load, as a share of each arm's capacity",
    "resource_usage": "CPU a task and memory by role",
    "driver_comparison": "Brokers, by framework",
    "version_history": "Versions of a framework, measured interleaved",
}
FIRST = ("throughput", "latency")  # on the page
DEPTH_CAPTION = "Waiting and in flight, one line a trial; dashed: a trial that is not ok."
TIME_CAPTION = "One line a trial, in at most 40 bins; dashed: a trial that is not ok."
FAULT_CAPTION = (
    "One line a trial, in bins of half a second or more; dashed: a trial that is not ok. Upright: "
    "the moment of the fault; a mark at the upper edge: well again, by time to recover. Trials of "
    "a harness that did not store the moment have neither."
)
LATE_CAPTION = (
    "Quantiles are taken within each ok trial; the line is their median over trials, the band "
    "their range. A curve ends where fewer than 10 starts lie beyond, and runs along the lower "
    "edge where starts were early."
)
MOST_TIMES = 3  # loads of a scenario drawn over time: all of thirteen would double the page
OVER_TIME = (  # role, column, title, unit
    ("workers", "cores", "CPU, workers", "cores"),
    ("broker", "cores", "CPU, broker", "cores"),
    ("workers", "pss", "Memory (PSS), workers", "MiB"),
)
HISTORY = "version_history"
DRIVERS = "driver_comparison"
VERSIONS = "Versions measured interleaved, every one in every block."
CAVEAT = "Arms measured one after the other: a description, not a verdict."
INTERLEAVED = "Arms measured interleaved, in blocks: medians, not a verdict."
COMPARISONS = {"compare", "regress"}  # commands that interleave
ESTABLISHED = {"slower", "slower_uncertain"}  # kinds of verdicts that frames should explain
GREW = 3  # functions named beside a verdict
QUICK = " Quick size: decides nothing."
TRIALS = ("metrics", "points")  # what most figures are drawn from
QUANTILE_NEED = "p90 wants 100 tasks a trial, p99 wants 1,000, p99.9 wants 10,000."
QUANTILE_NOTE = (
    "— : not measured in this arm, never reached (as a recovery can be), or a quantile with too "
    "few tasks behind it: " + QUANTILE_NEED
)


@dataclass(frozen=True)
class Column:
    """A metric as a column: its name in the database and its heading."""

    name: str
    heading: str


RATES = (
    Column("drain_rate", "Drain rate"),
    Column("enqueue_rate", "Enqueue rate, workers held"),
    Column("enqueue_rate_live", "Enqueue rate, workers running"),
    Column("drain_rate_live", "Drain rate while sending"),
    Column("makespan", "Makespan"),
)
SOJOURN = (
    Column("sojourn_p50", "p50"),
    Column("sojourn_p90", "p90"),
    Column("sojourn_p99", "p99"),
    Column("sojourn_p999", "p99.9"),
)
PARTS = (
    Column("wait_p50", "Wait p50"),
    Column("wait_p99", "Wait p99"),
    Column("enqueue_p50", "Enqueue p50"),
    Column("enqueue_p99", "Enqueue p99"),
    Column("generator_lag_p99", "Generator lag p99"),
)
CPU = (
    Column("workers_cpu_per_task", "CPU: workers"),
    Column("broker_cpu_per_task", "CPU: broker"),
    Column("enqueue_producer_cpu_per_task", "CPU: producer"),
)
CPU_OPEN = (*CPU[:2], Column("producer_cpu_per_task", "CPU: producer"))
MEMORY = (
    Column("workers_pss_peak", "PSS: workers"),
    Column("broker_pss_peak", "PSS: broker"),
    Column("producer_pss_peak", "PSS: producer"),
    Column("broker_commands_per_task", "Broker commands"),
)


@dataclass(frozen=True)
class Cell:
    """A formatted median and its range; ``spread`` is empty for a single trial."""

    median: str
    spread: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a scenario table: an arm at a load, its trials, its cells or why it has none."""

    load: str
    offered: str
    arm: int
    label: str
    trials: str
    note: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    caption: str
    headings: list[str]
    lines: list[Line]
    note: str


@dataclass(frozen=True)
class Figure:
    """Panels under a title; ``drawing`` names the files beside the page that show the same."""

    title: str
    caption: str
    panels: list[tuple[Panel, Markup]]  # each beside its SVG
    queries: Sequence[str]
    drawing: str | None = None


@dataclass(frozen=True)
class Said:
    """A sentence about an arm."""

    arm: int
    sentence: str


@dataclass(frozen=True)
class Section:
    """A scenario on the page."""

    name: str
    question: str
    tables: list[Table]
    figures: list[Figure]
    arms: list[int]
    loads: list[Said]  # a sentence an arm, where arms were offered different absolute loads
    floor: list[Row]  # ratios to the broker's client alone
    said: list[Said]  # of all its points together


def read_facts(database: Path, experiment: str | None = None) -> dict[str, list[Row]]:
    """The rows of every query, by its name, of one experiment or of all.

    Raises BenchError when nothing was measured.
    """
    with open_database(database, read_only=True) as connection:
        select(connection, [f"report_{name}" for name in SELECTION], experiment)
        found = connection.execute("SELECT count(*) FROM arm").fetchall()
        if not found[0][0]:
            raise nothing_measured(connection, database, experiment)
        every = {name: rows(connection, name) for name in QUERIES}
        for verdict in every["flamegraphs"]:
            slower = verdict["kind"] in ESTABLISHED
            verdict["grew"] = grew(connection, verdict["base"], verdict["head"]) if slower else []
        return every


def grew(connection: duckdb.DuckDBPyConnection, base: str, head: str) -> list[Row]:
    """The functions whose own share of the samples grew most."""
    select_flame = {"tool": "py-spy", "base": base, "head": head}
    connection.execute(sql("flamegraph_stacks"), select_flame)
    return largest(fetch(connection, sql("flamegraph_functions")), "gained_self")[:GREW]


def interleaved(origins: Sequence[Row]) -> bool:
    """Whether the arms shown of every scenario come from one experiment that interleaves."""
    return all(
        own[0]["command"] in COMPARISONS and len({r["experiment_id"] for r in own}) == 1
        for own in experiments.grouped(origins, "scenario")
    )


def nothing_measured(
    connection: duckdb.DuckDBPyConnection, database: Path, experiment: str | None
) -> BenchError:
    """What to say, and what to type, when a page would be empty."""
    known = []
    if experiment is not None:
        select(connection, ["report_wanted", "report_arm"])
        known = [row["experiment_id"] for row in fetch(connection, sql("site_experiments"))]
    if experiment is None or not known:
        return BenchError(
            f"{database} holds no measuring trial: run a bench first, for example: "
            'nox -s "bench-3.12(asynctasq)" -- --quick'
        )
    return BenchError(
        f"{database} holds no measuring trial of experiment {experiment!r}: "
        f"{suggest(experiment, known)}"
    )


def charted() -> list[str]:
    """Metrics that some chart draws trial by trial."""
    named = [c.name for c in (*RATES, *SOJOURN, *CPU, *CPU_OPEN, *MEMORY)]
    return named + [c.metric for s in load_scenarios().values() for c in s.charts]


def rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    """One query's rows as dictionaries."""
    text = sql(f"report_{name}")
    return fetch(connection, text, {"names": charted()} if "$names" in text else None)


class Facts:
    """The rows, and the ways in which the page looks them up."""

    def __init__(self, every: dict[str, list[Row]]) -> None:
        self.every = every
        self.metrics = {
            (r["scenario"], r["point"], r["arm"], r["name"]): r for r in every["metrics"]
        }
        self.units = {(r["scenario"], r["name"]): r["unit"] for r in every["metrics"]}
        self.offered = {
            (r["scenario"], r["point"], r["arm"]): r["offered"] for r in every["states"]
        }

    def states(self, scenario: str) -> list[Row]:
        return [r for r in self.every["states"] if r["scenario"] == scenario]

    def scenarios(self) -> list[str]:
        """Throughput and latency first, since everyone looks for them; then by name."""
        found = {r["scenario"] for r in self.every["states"]}
        return [s for s in FIRST if s in found] + sorted(found - set(FIRST))

    def median(self, row: Row, name: str) -> float | None:
        """Another metric's median at the row's scenario, point and arm."""
        found = self.metrics.get((row["scenario"], row["point"], row["arm"], name))
        return None if found is None else found["median"]

    def of(self, query: str, scenario: str, name: str) -> list[Row]:
        """Rows of ``metrics`` or ``points`` of one metric, with the load that was offered."""
        return [
            {**r, "offered": self.offered[r["scenario"], r["point"], r["arm"]]}
            for r in self.every[query]
            if r["scenario"] == scenario and r["name"] == name
        ]


def words(name: str) -> str:
    return name.replace("_", " ")


def heading(facts: Facts, scenario: str, column: Column) -> str:
    unit = facts.units.get((scenario, column.name), "")
    return f"{column.heading}, {unit}" if unit else column.heading


def state_words(state: Row) -> tuple[str, str]:
    """How many trials are ok, and what to say about the rest or about a single one."""
    count = f"{state['ok']} of {state['trials']} ok"
    if state["gap"]:
        return "cannot", str(state["reason"])
    wrong = [f"{state[s]} {s}" for s in ("invalid", "failed") if state[s]]
    if wrong:
        return count, f"{', '.join(wrong)}: {state['reason']}"
    return count, "one trial" if state["trials"] == 1 else ""


def cell(found: Row | None, state: Row) -> Cell:
    if found is None:
        return Cell("—")
    if found["trials"] == 1:
        return Cell(number(found["median"]), "" if state["ok"] == 1 else "one trial")
    spread = f"{number(found['low'])} – {number(found['high'])}"
    fewer = f", {found['trials']} trials" if found["trials"] != state["ok"] else ""
    return Cell(number(found["median"]), spread + fewer)


def line(facts: Facts, scenario: str, state: Row, columns: Sequence[Column]) -> Line:
    point, arm = state["point"], state["arm"]
    trials, note = state_words(state)
    if not state["ok"]:
        note = note if state["gap"] else f"no valid trial: {state['reason']}"
        cells = []
    else:
        cells = [cell(facts.metrics.get((scenario, point, arm, c.name)), state) for c in columns]
        if state["ok"] == 1 and state["trials"] > 1:
            note = f"one valid trial; {note}"
    return Line(
        point,
        "" if state["offered"] is None else number(state["offered"]),
        state["arm"],
        state["label"],
        trials,
        note,
        cells,
    )


def table(facts: Facts, scenario: str, caption: str, columns: Iterable[Column]) -> Table | None:
    """A table of the columns that some arm has; None when no arm has any."""
    kept = [c for c in columns if (scenario, c.name) in facts.units]
    if not kept:
        return None
    lines = [line(facts, scenario, state, kept) for state in facts.states(scenario)]
    names = {c.name for c in kept}
    note = ""
    if any(c.median == "—" for each in lines for c in each.cells):
        note = QUANTILE_NOTE
    elif "sojourn_p50" in names and not {"sojourn_p99", "sojourn_p999"} <= names:
        note = "Quantiles not printed have too few tasks behind them: " + QUANTILE_NEED
    return Table(caption, [heading(facts, scenario, c) for c in kept], lines, note)


def tables(facts: Facts, scenario: str, primary: Sequence[str]) -> list[Table]:
    """The tables of a scenario; one without figures still says which trials there were.

    The first gives the reasons of loads without a valid trial, the others point to it.
    """
    cost = (*(CPU if (scenario, CPU[2].name) in facts.units else CPU_OPEN), *MEMORY)
    known = {c.name for c in (*RATES, *SOJOURN, *PARTS, *cost)}
    wanted: list[tuple[str, Sequence[Column]]] = [
        ("Primary metrics", [Column(n, words(n)) for n in primary if n not in known]),
        ("Rates", RATES),
        ("Sojourn time: from the intended start to the end of the task", SOJOURN),
    ]
    if any((scenario, c.name) in facts.units for c in (PARTS[0], PARTS[-1])):
        wanted.append(("Parts of the sojourn time, and generator lag", PARTS))
    wanted.append(("Cost: CPU a task, peak memory (PSS), broker commands a task", cost))
    kept = [t for t in (table(facts, scenario, *each) for each in wanted) if t]
    if not kept:
        lines = [line(facts, scenario, state, []) for state in facts.states(scenario)]
        return [Table("Trials", [], lines, "")]
    first, *rest = kept
    return [first, *(replace(t, lines=[shortened(each) for each in t.lines]) for t in rest)]


def shortened(full: Line) -> Line:
    """The line of a later table, when the first has said why."""
    return full if full.cells else replace(full, note="no valid trial, see above")


def with_roles(facts: Facts, query: str, scenario: str, names: dict[str, str]) -> list[Row]:
    return [
        {**row, "group": role}
        for role, name in names.items()
        for row in facts.of(query, scenario, name)
    ]


def closed(found: Iterable[Row]) -> list[Row]:
    """Rows of backlogs."""
    return [r for r in found if r["load_fraction"] is None]


def opened(found: Iterable[Row]) -> list[Row]:
    """Rows of open loops."""
    return [r for r in found if r["load_fraction"] is not None]


def rate_panels(facts: Facts, scenario: str) -> list[Panel]:
    panels = []
    for column in RATES[:3]:
        found = closed(facts.of("metrics", scenario, column.name))
        if found:
            dots = closed(facts.of("points", scenario, column.name))
            panels.append(charts.bars(column.heading, found, dots, found[0]["unit"]))
    return panels


def chart_panels(facts: Facts, scenario: str, wanted: Sequence[Chart]) -> list[Panel]:
    """What the scenario itself wants drawn of its points."""
    panels = []
    for chart in wanted:
        found, dots = (about(facts, query, scenario, chart) for query in ("metrics", "points"))
        if chart.grid:
            continue  # a figure of its own
        if chart.over and not facts.of("metrics", scenario, chart.over):
            continue  # no trial to place on its axis
        if found and chart.over:
            panels.append(line_panel(facts, scenario, chart, found, dots))
        elif found:
            unit = found[0]["unit"]
            panels.append(charts.grouped_bars(chart.title, pointed(found), pointed(dots), unit))
    return panels


def about(facts: Facts, query: str, scenario: str, chart: Chart) -> list[Row]:
    """Rows of a chart's metric, of the points that it is about."""
    rows = facts.of(query, scenario, chart.metric)
    return [r for r in rows if not chart.points or r["point"] in chart.points]


def pointed(found: Sequence[Row]) -> list[Row]:
    """Rows grouped by their point."""
    return [{**row, "group": row["point"]} for row in found]


def line_panel(
    facts: Facts, scenario: str, chart: Chart, found: Sequence[Row], dots: Sequence[Row]
) -> Panel:
    """Lines of a chart's metric over its other one, at the medians of that."""
    over = facts.of("metrics", scenario, chart.over)
    place = {(r["point"], r["arm"]): r["median"] for r in over}

    def placed(rows: Sequence[Row]) -> list[Row]:
        keyed = [((r["point"], r["arm"]), r) for r in rows]
        return [{**r, "offered": place[key]} for key, r in keyed if key in place]

    axis = words(chart.over) + (f", {over[0]['unit']}" if over[0]["unit"] else "")
    return charts.by_load(
        chart.title, placed(found), placed(dots), [], found[0]["unit"], log=chart.log, over=axis,
        log_x=chart.log,
    )  # fmt: skip


def load_panels(
    facts: Facts, scenario: str, named: dict[str, str], *, log: bool = True
) -> list[Panel]:
    """A panel a metric over the offered load; ``named`` maps metrics to titles."""
    void = opened(s for s in facts.states(scenario) if not s["ok"])
    panels = []
    for name, title in named.items():
        found = opened(facts.of("metrics", scenario, name))
        if found:
            dots = opened(facts.of("points", scenario, name))
            panels.append(charts.by_load(title, found, dots, void, found[0]["unit"], log=log))
    return panels


def resource_panels(facts: Facts, scenario: str) -> list[Panel]:
    """CPU and memory: bars by role for a backlog, the workers' lines over load for an open loop."""
    if opened(facts.states(scenario)):
        named = {
            "workers_cpu_per_task": "CPU a task, workers",
            "broker_cpu_per_task": "CPU a task, broker",
            "workers_pss_peak": "Peak memory (PSS), workers",
        }
        return load_panels(facts, scenario, named, log=False)
    panels = []
    for title, columns in (("CPU a task", CPU), ("Peak memory (PSS)", MEMORY[:3])):
        names = dict(zip(charts.ROLES, [c.name for c in columns], strict=True))
        found = with_roles(facts, "metrics", scenario, names)
        if found:
            dots = with_roles(facts, "points", scenario, names)
            panels.append(charts.grouped_bars(title, found, dots, found[0]["unit"]))
    return panels


def by_point(found: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row["point"]].append(row)
    return dict(grouped)


def point_title(point: str) -> str:
    return point.capitalize() or "Backlog"


def distribution_panels(
    facts: Facts, scenario: str, what: charts.Spread, said: Callable[[Facts, str, str], str]
) -> list[Panel]:
    """A panel a point; ``said`` are words to stand below it."""
    found = [r for r in facts.every["distribution"] if r["scenario"] == scenario]
    return [
        replace(
            charts.distribution(point_title(point), group, found, what),
            note=f"{said(facts, scenario, point)}{without_curve(facts, scenario, point)}",
        )
        for point, group in by_point(found).items()
    ]


def lateness_panels(facts: Facts, scenario: str) -> list[Panel]:
    """Of scenarios whose tasks are due at a time."""
    due = any(r["scenario"] == scenario for r in facts.every["early"])
    return distribution_panels(facts, scenario, charts.LATENESS, early_words) if due else []


def completion_panels(facts: Facts, scenario: str) -> list[Panel]:
    found = [r for r in facts.every["completions"] if r["scenario"] == scenario]
    return [charts.after_fault(point_title(p), group) for p, group in by_point(found).items()]


def depth_panels(facts: Facts, scenario: str, most: int | None = None) -> list[Panel]:
    found = [r for r in facts.every["depth"] if r["scenario"] == scenario]
    return [
        charts.over_load(point_title(point), "Tasks at the broker", group, "tasks", "tasks")
        for point, group in list(by_point(found).items())[:most]
    ]


def resource_times(facts: Facts, scenario: str) -> list[Panel]:
    """CPU and memory over time, of the first loads."""
    every = [r for r in facts.every["resources"] if r["scenario"] == scenario]
    return [
        charts.over_load(f"{title}: {point_title(point)}", title, rows, column, unit)
        for point, group in list(by_point(every).items())[:MOST_TIMES]
        for role, column, title, unit in OVER_TIME
        if (rows := [r for r in group if r["role"] == role and r[column] is not None])
    ]


def times(facts: Facts, scenario: str, *, every_depth: bool) -> list[Figure]:
    """What is drawn over time of every scenario that has samples; says what is left out."""
    rows = [r for name in ("depth", "resources") for r in facts.every[name]]
    loads = len({r["point"] for r in rows if r["scenario"] == scenario})
    left = f" Loads that are not drawn: {loads - MOST_TIMES}." if loads > MOST_TIMES else ""
    return [
        *figure(
            "Tasks at the broker",
            DEPTH_CAPTION + ("" if every_depth else left),
            depth_panels(facts, scenario, None if every_depth else MOST_TIMES),
            f"{scenario}-depth",
            ["depth"],
        ),
        *figure(
            "CPU and memory over time",
            TIME_CAPTION + left,
            resource_times(facts, scenario),
            f"{scenario}-over",
            ["resources"],
        ),
    ]


def offered_words(facts: Facts, scenario: str, point: str) -> str:
    """What to say under a panel of one load: what was offered."""
    states = [s for s in facts.states(scenario) if s["point"] == point]
    offered = ", ".join(f"{s['label']} {number(s['offered'])} tasks/s" for s in states)
    return f"Offered: {offered}."


def without_curve(facts: Facts, scenario: str, point: str) -> str:
    """The arms that have no curve in it."""
    states = [s for s in facts.states(scenario) if s["point"] == point]
    gone = [s["label"] for s in states if not s["ok"]]
    return f" No valid trial, so no curve: {', '.join(gone)}." if gone else ""


def no_curves(facts: Facts, scenario: str) -> str:
    """What to say of points without a panel; they may be those that started early."""
    found = (
        [r["point"] for r in facts.every[query] if r["scenario"] == scenario]
        for query in ("early", "distribution")
    )
    points, drawn = map(dict.fromkeys, found)
    return "".join(
        f" {point_title(point)} has no valid trial with enough starts, so no curve. "
        f"{early_words(facts, scenario, point)}"
        for point in points
        if point not in drawn
    )


def early_words(facts: Facts, scenario: str, point: str) -> str:
    """Starts before their time, in all trials: a log axis has no place for them."""
    found = [r for r in facts.every["early"] if (r["scenario"], r["point"]) == (scenario, point)]
    early = [
        f"{r['label']} {r['early']:,} of {r['starts']:,} starts, by up to {number(r['most_ms'])} ms"
        for r in found
        if r["early"]
    ]
    return f"Early: {'; '.join(early)}." if early else "No start was early."


def figure(
    title: str, caption: str, panels: Sequence[Panel], name: str, queries: Sequence[str],
    drawing: str | None = None,
) -> list[Figure]:  # fmt: skip
    """A figure as a list of one, or none when there is nothing to draw."""
    if not panels:
        return []
    return [Figure(title, caption, svgs(panels, name), queries, drawing)]


def figures(facts: Facts, scenario: str, drawn: dict[str, list[Panel]]) -> list[Figure]:
    """The figures of a scenario; adds the panels of each drawing to ``drawn``."""
    rates = rate_panels(facts, scenario)
    spread = distribution_panels(facts, scenario, charts.LATENCY, offered_words)
    latency = load_panels(
        facts, scenario, {"sojourn_p50": "Sojourn p50", "sojourn_p99": "Sojourn p99"}
    )
    resources = resource_panels(facts, scenario)
    files = {
        "throughput_comparison": rates,
        "latency_comparison": latency,
        "latency_distribution": spread,
        "resource_usage": resources,
    }
    for name, panels in files.items():
        drawn[name] += [replace(p, title=f"{words(scenario)}: {p.title}") for p in panels]
    dots = "A dot is a trial; the bar and the figure beside it are the median of the ok trials."
    lines = (
        "A dot is a trial, the line joins medians, a vertical line is the range over trials; "
        "× is a load without a valid trial."
    )
    return [
        *figure("Rates", dots, rates, f"{scenario}-rate", TRIALS, "throughput_comparison"),
        *figure(
            "Latency by load",
            lines,
            latency,
            f"{scenario}-load",
            TRIALS,
            "latency_comparison",
        ),
        *figure(
            "Latency distribution",
            "Quantiles are taken within each trial; the line is their median over trials, the band "
            "their range. A curve ends where fewer than 10 tasks lie beyond.",
            spread,
            f"{scenario}-distribution",
            ["distribution"],
            "latency_distribution",
        ),
        *figure(
            "The rate that holds an objective",
            "A dot is a trial, hollow where the objective (dashed) was not held, at the upper edge "
            "where overload left no p99; shaded: the limit lies between these rates.",
            experiments.search_panels(
                [r for r in facts.every["search"] if r["scenario"] == scenario]
            ),
            f"{scenario}-search",
            ["search"],
        ),
        *figure(
            "CPU and memory",
            lines if opened(facts.states(scenario)) else dots,
            resources,
            f"{scenario}-resource",
            TRIALS,
            "resource_usage",
        ),
        *times(facts, scenario, every_depth=True),
    ]


def section(facts: Facts, scenario: str, drawn: dict[str, list[Panel]]) -> Section:
    known = load_scenario(scenario) if scenario in scenario_names() else None
    return Section(
        scenario,
        known.question if known else "",
        tables(facts, scenario, known.primary_names if known else ()),
        chart_figures(facts, scenario, known)
        if known and known.charts
        else figures(facts, scenario, drawn),
        sorted({s["arm"] for s in facts.states(scenario)}),
        load_sentences(facts.states(scenario)),
        [r for r in facts.every["floor"] if r["scenario"] == scenario],
        said(facts, known) if known else [],
    )


def said(facts: Facts, scenario: Scenario) -> list[Said]:
    """What is said of each arm's points together, where the scenario has something to say."""
    if scenario.together is None:
        return []
    own = experiments.grouped(settled(facts, scenario.name), "arm")
    return [Said(rows[0]["arm"], words) for rows in own for words in fitted.said(scenario, rows)]


def settled(facts: Facts, scenario: str) -> list[Row]:
    """Drain rates of single trials, with the settings of their points."""
    return [
        row | {name: facts.median(row, name) for name in ("processes", "reserved")}
        for row in facts.of("points", scenario, "drain_rate")
    ]


def chart_figures(facts: Facts, scenario: str, known: Scenario) -> list[Figure]:
    caption = "A dot is a trial; the bar or line and the figure beside it are medians of ok trials."
    panels = chart_panels(facts, scenario, known.charts)
    return [
        *figure("By load or setting", caption, panels, f"{scenario}-own", TRIALS),
        *figure(
            "Tasks completed over time", FAULT_CAPTION, completion_panels(facts, scenario),
            f"{scenario}-completions", ["completions"],
        ),
        *figure(
            "Lateness distribution", LATE_CAPTION + no_curves(facts, scenario),
            lateness_panels(facts, scenario),
            f"{scenario}-lateness", ["distribution", "early"],
        ),
        *figure(
            "By processes and reserved tasks",
            "Medians of ok trials; the framed cell is the best.",
            grid_panels(facts, known), f"{scenario}-grid", ["metrics"],
        ),
        *figure(
            "Over time", "A line a trial, a point a checkpoint; dashed: a trial that is not ok.",
            checkpoint_panels(facts, scenario), f"{scenario}-time", ["checkpoints"],
        ),
        *times(facts, scenario, every_depth=known.depth),
    ]  # fmt: skip


def grid_panels(facts: Facts, known: Scenario) -> list[Panel]:
    """A heat map an arm and chart that has a grid."""
    return [
        charts.heat_map(
            f"{chart.title}: {label}",
            rows,
            rows[0]["unit"],
            *map(words, chart.grid),
            higher=known.primary_named(chart.metric).better is Better.HIGHER,
        )
        for chart in known.charts
        if chart.grid
        for label, rows in placed_on(facts, known.name, chart.metric, chart.grid).items()
    ]


def placed_on(
    facts: Facts, scenario: str, metric: str, grid: tuple[str, str]
) -> dict[str, list[Row]]:
    """The medians of a metric by arm, each at its point's place on the grid."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in facts.of("metrics", scenario, metric):
        across, down = (facts.median(row, name) for name in grid)
        if across is not None and down is not None:
            found[row["label"]].append({**row, "across": across, "down": down})
    return dict(found)


CHECKPOINTS = {
    "sojourn_p50": "Sojourn p50", "workers_pss": "Memory of the workers (PSS)",
    "workers_descriptors": "Open file descriptors of the workers", "broker_keys": "Broker keys",
}  # fmt: skip


def checkpoint_panels(facts: Facts, scenario: str) -> list[Panel]:
    every = [r for r in facts.every["checkpoints"] if r["scenario"] == scenario]
    grouped = {name: [r for r in every if r["name"] == name] for name in CHECKPOINTS}
    return [
        charts.over_time(CHECKPOINTS[name], rows, rows[0]["unit"])
        for name, rows in grouped.items()
        if rows
    ]


def load_sentences(states: Sequence[Row]) -> list[Said]:
    """What each arm was offered, when arms differ in it."""
    differing = [state for state in states if state["loads_differ"]]
    return [
        Said(
            own[0]["arm"],
            f"{own[0]['label']}: {', '.join(number(s['offered']) for s in own)} tasks/s at "
            f"{', '.join(s['point'] for s in own)} of its capacity of "
            f"{number(own[0]['capacity'])} tasks/s",
        )
        for own in experiments.grouped(differing, "arm")
    ]


def profile_links(files: str | None, base: Path, out: Path) -> list[tuple[str, str]]:
    """(relative link, file name) of a profiler pass's pages and drawings that are still there."""
    paths = [base / p for p in json.loads(files or "[]")]
    return [(quote(Path(os.path.relpath(p, out)).as_posix()), p.name) for p in paths if shows(p)]


def shows(path: Path) -> bool:
    """Whether it is something that a browser shows."""
    return path.suffix in {".svg", ".html"} and path.exists()


VERDICT = ("experiment_id", "scenario", "point", "metric", "baseline", "candidate")


def with_frames(verdicts: Sequence[Row], passes: Sequence[Row], out: Path) -> list[Row]:
    """Verdicts, each with the profiler passes that explain it, if there are any, and with the page
    of their difference, if it lies there.
    """
    found = {
        tuple(p[name] for name in VERDICT): {**p, "page": page_there(p, out)}
        for p in passes
        if p["kind"] in ESTABLISHED
    }
    return [{**v, "frames": found.get(tuple(v[name] for name in VERDICT))} for v in verdicts]


def page_there(passes: Row, out: Path) -> str | None:
    name = page_name(passes["base"], passes["head"])
    return name if (out / name).exists() else None


def groups(found: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows of functions or allocations by scenario, load and arm, under a title."""
    titled: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        load = load_words((row["scenario"], row["point"]))
        titled[f"{row['label']}: {load}"].append(row)
    return list(titled.items())


def primary_of(scenario: str) -> Sequence[str]:
    """Primary metrics; of a scenario that is no more, none are known."""
    return load_scenario(scenario).primary_names if scenario in scenario_names() else ()


def page(
    facts: Facts, sections: Sequence[Section], drawn: dict[str, list[Panel]], database: Path,
    out: Path, base: Path,
) -> str:  # fmt: skip
    """The page; ``drawn`` are the panels of the files beside it, ``base`` the folder in which the
    files of profiler passes are looked for.
    """
    profiles = [
        {**p, "links": profile_links(p["files"], base, out)} for p in facts.every["profiles"]
    ]
    pairs = experiments.block_panels(facts.every["blocks"])
    return render(
        "report",
        facts.every
        | {
            "totals": facts.every["totals"][0],
            "sections": sections,
            "profiles": profiles,
            "verdicts": with_frames(facts.every["verdicts"], facts.every["flamegraphs"], out),
            "interleaved": interleaved(facts.every["origins"]),
            "legend": LEGEND,
            "selection": SELECTION,
            "queries": {name: sql(f"report_{name}") for name in (*SELECTION, *QUERIES)},
            "functions": groups(facts.every["functions"]),
            "allocations": groups(facts.every["allocations"]),
            "packages": experiments.grouped(facts.every["packages"], "arm"),
            "facets": facets(facts.every),
            "script_data": script_data(facts.every),
            "arms_in": {s.name: " ".join(map(str, s.arms)) for s in sections},
            "block_figures": svgs(pairs[: experiments.MOST_PANELS], "blocks"),
            "blocks_left_out": max(0, len(pairs) - experiments.MOST_PANELS),
            "series_figures": svgs(drawn[HISTORY], "series"),
            "stripes": stripes(facts.every, facts.scenarios(), primary_of),
            "driver_figures": svgs(drawn[DRIVERS], "drivers"),
            "drivers_caption": DRIVERS_CAPTION,
            "driver_series": driver_series(facts.every["drivers"]),
            "database": database.name,
        },
        FILTERS | {"signed": signed},
    )


def write_drawings(drawn: dict[str, list[Panel]], out: Path, caveat: str, *, quick: bool) -> None:
    """Draw each that has panels, as PNG and SVG; remove one of an earlier report that has none.
    ``caveat``: what stands below them.
    """
    for name, panels in drawn.items():
        if panels:
            foot = (VERSIONS if name == HISTORY else caveat) + (QUICK if quick else "")
            charts.drawing(panels, out / name, DRAWINGS[name], foot)
            continue
        for ending in charts.ENDINGS:
            (out / f"{name}{ending}").unlink(missing_ok=True)


def build(
    database: Path, out: Path, say: Callable[[str], None], *, experiment: str | None = None,
    base: Path | None = None,
) -> Row:  # fmt: skip
    """Write the page and its charts into ``out``; returns the totals behind it.

    About one experiment, or about the latest of every arm and scenario. ``base`` is where the files
    of profiler passes are; beside the database, unless they were copied.
    """
    say(f"reading {database.name}")
    facts = Facts(read_facts(database, experiment))
    drawn: dict[str, list[Panel]] = {name: [] for name in DRAWINGS}
    sections = []
    scenarios, begin = facts.scenarios(), time.monotonic()
    for done, scenario in enumerate(scenarios):
        left = clock(seconds_left(begin, done, len(scenarios)))
        said = f", about {left} left" if done else ""
        say(f"drawing {scenario}, {done + 1} of {len(scenarios)}{said}")
        sections.append(section(facts, scenario, drawn))
    out.mkdir(parents=True, exist_ok=True)
    say("writing the charts as PNG and SVG")
    totals = facts.every["totals"][0]
    drawn[DRIVERS] = driver_panels(facts.every["drivers"])
    drawn[HISTORY] = experiments.series_panels(facts.every["series"], facts.every["changes"])
    caveat = INTERLEAVED if interleaved(facts.every["origins"]) else CAVEAT
    write_drawings(drawn, out, caveat, quick=bool(totals["quick_experiments"]))
    beside = base or database.resolve().parent
    write(out / "index.html", page(facts, sections, drawn, database, out.resolve(), beside))
    return totals


def report_command(options: argparse.Namespace) -> int:
    """Write OUT/index.html; returns 0. Raises BenchError when there is nothing to show."""
    console = Console(highlight=False, soft_wrap=True)
    out: Path = options.out
    try:
        with console.status("reading") as status:
            totals = build(options.db, out, status.update, experiment=options.experiment)
    except OSError as error:
        raise BenchError(
            f"{out} cannot be written: {error}; name another folder with --out"
        ) from None
    console.print(
        f"{out / 'index.html'}: {totals['ok_trials']} of {totals['trials']} trials of "
        f"{totals['arms']} arm(s) shown · open it in a browser"
    )
    return 0
