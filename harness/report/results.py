"""``results``: the latest figures of every arm on the terminal, and the latest verdicts.

A bar is a share of the largest median beside it: same scenario, metric and load. The figures are
those of the report page, its queries and its choice of experiments included.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.cli.words import scenario_names
from harness.judge.claims import Kind
from harness.judge.sentences import MARKS
from harness.report.charts.charts import number
from harness.scenario.catalogue import load_scenario, load_words
from harness.store.database import open_database
from harness.store.queries import fetch, select, sql
from harness.store.rows import Row
from infrastructure.errors import BenchError

BAR = 24  # characters of the longest
EIGHTHS = " ▏▎▍▌▋▊▉█"
PLAIN_WIDTH = 160  # columns where nobody says how many there are: a file, a pipe
CAVEAT = "Arms of a bench are measured one after the other: a description, not a verdict."
QUICK = "Quick size decides nothing."


@dataclass(frozen=True)
class Facts:
    """Rows of the report's queries ``states`` and ``metrics``, of ``sizes``, and the verdicts."""

    states: list[Row]
    metrics: list[Row]
    sizes: list[Row]
    verdicts: list[Row]

    def scenarios(self) -> list[str]:
        return sorted({row["scenario"] for row in self.states})


def read(database: Path, scenario: str | None) -> Facts:
    """What is to be shown. Raises BenchError when there is nothing."""
    with open_database(database, read_only=True) as connection:
        select(connection, [f"report_{name}" for name in ("wanted", "arm", "shown", "shown_trial")])
        states, metrics, sizes = (
            fetch(connection, sql(name))
            for name in ("report_states", "report_metrics", "results_sizes")
        )
        verdicts = fetch(connection, sql("results_verdicts"), {"scenario": scenario})

    def asked(rows: list[Row]) -> list[Row]:
        return [row for row in rows if scenario in {None, row["scenario"]}]

    found = Facts(asked(states), asked(metrics), asked(sizes), verdicts)
    if found.states:
        return found
    there = ", ".join(sorted({row["scenario"] for row in states}))
    if there:
        raise BenchError(f"{database} holds no measuring trial of {scenario}; it has: {there}")
    raise BenchError(
        f"{database} holds no measuring trial: run a bench first, for example: "
        'nox -s "bench-3.12(asynctasq)" -- --quick'
    )


def bar(share: float, width: int = BAR) -> str:
    """A bar of ``share`` (0 to 1) of ``width`` characters, in eighths of one."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[8] * whole + (EIGHTHS[rest] if rest else "")


def shown_metrics(facts: Facts, scenario: str) -> list[str]:
    """The primary metrics that some arm has; of a scenario without a file, whatever there is."""
    there = {row["name"] for row in facts.metrics if row["scenario"] == scenario}
    if scenario not in scenario_names():
        return sorted(there)
    return [name for name in load_scenario(scenario).primary_names if name in there]


def metric_table(facts: Facts, scenario: str, metric: str) -> Table:
    """A line a load and arm: the median of its ok trials, a bar, their range and number."""
    found = {
        (row["point"], row["arm"]): row
        for row in facts.metrics
        if (row["scenario"], row["name"]) == (scenario, metric)
    }
    largest: dict[str, float] = {}
    for (point, _), row in found.items():
        largest[point] = max(largest.get(point, 0.0), abs(row["median"]))
    table = Table(
        title=title(scenario, metric, next(iter(found.values()))["unit"]),
        title_justify="left", title_style="bold", box=None, header_style="dim",
    )  # fmt: skip
    for heading in ("load", "arm"):
        table.add_column(heading, no_wrap=True)
    table.add_column("median", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=BAR)
    table.add_column("range", no_wrap=True)
    table.add_column("ok trials", overflow="fold")
    for state in (s for s in facts.states if s["scenario"] == scenario):
        point = state["point"]
        table.add_row(*line(state, found.get((point, state["arm"])), largest.get(point, 0.0)))
    return table


def title(scenario: str, metric: str, unit: str) -> str:
    """Which way is better is known of scenarios that have a file."""
    name = f"{metric}{', ' if unit else ''}{unit}"
    if scenario not in scenario_names():
        return name
    return f"{name} ({load_scenario(scenario).primary_named(metric).better} is better)"


def line(state: Row, row: Row | None, largest: float) -> tuple[str, ...]:
    """The cells of one arm at one load; without a figure, why there is none."""
    begin = (state["point"], state["label"])
    count = f"{state['ok']} of {state['trials']}"
    if row is None:
        why = f": {state['reason']}" if state["reason"] else ""
        return (*map(escape, begin), "—", "", "", escape(count + why))
    spread = f"{number(row['low'])} – {number(row['high'])}" if row["trials"] > 1 else "one trial"
    drawn = bar(abs(row["median"]) / largest) if largest else ""
    return (*map(escape, begin), number(row["median"]), f"[cyan]{drawn}[/]", spread, count)


def source(facts: Facts, scenario: str) -> str:
    """Which experiments the figures of a scenario are of."""
    own = {
        r["experiment_id"]: f"{r['command']} of {r['day']}, {r['size']} size"
        for r in facts.sizes
        if r["scenario"] == scenario
    }
    return "; ".join(own.values())


def verdict_table(verdicts: Sequence[Row]) -> Table:
    table = Table("verdict", "of", "in words", box=None, header_style="dim")
    for row in verdicts:
        load = load_words((row["scenario"], row["point"]))
        table.add_row(MARKS[Kind(row["kind"])], escape(load), escape(row["sentence"]))
        again = row["later"] and f"{row['later']}: the figures above are of a later experiment."
        for remark in filter(None, (row["cross_check"], again)):
            table.add_row("", "", f"[yellow]{escape(remark)}[/]")
    return table


def page(facts: Facts) -> Iterator[Table | str]:
    """What is printed, piece by piece."""
    for scenario in facts.scenarios():
        yield f"[bold underline]{escape(scenario)}[/] [dim]{escape(source(facts, scenario))}[/]"
        metrics = shown_metrics(facts, scenario)
        for metric in metrics:
            yield metric_table(facts, scenario, metric)
        if not metrics:
            yield from (no_figure(s) for s in facts.states if s["scenario"] == scenario)
        yield ""
    quick = any(row["size"] == "quick" for row in facts.sizes)
    yield f"[dim]{CAVEAT}{' ' + QUICK if quick else ''}[/]"
    if not facts.verdicts:
        yield "No verdict yet: nox -s compare -- ARM ARM"
        return
    first = facts.verdicts[0]
    note = f" {QUICK}" if first["size"] == "quick" else ""
    yield ""
    yield f"[bold underline]verdicts[/] [dim]{first['command']} of {first['day']}.{note}[/]"
    yield verdict_table(facts.verdicts)


def no_figure(state: Row) -> str:
    why = state["reason"] or "no primary metric was measured"
    return escape(f"{state['point']} {state['label']}: {why}".strip())


def results_command(options: argparse.Namespace) -> int:
    """Print them; returns 0. Raises BenchError when there is nothing to show."""
    facts = read(options.db, options.scenario)
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PLAIN_WIDTH)
    for piece in page(facts):
        console.print(piece)
    return 0
