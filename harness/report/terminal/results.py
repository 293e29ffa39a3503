"""``results``: the answer, the latest figures and the latest verdicts, on the terminal.

A bar is a share of the largest median beside it: same scenario, metric and load. The figures are
those of the report page, its queries and its choice of experiments included.
"""

import sys
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from harness.cli.prices import read_prices
from harness.judge.claims import Kind
from harness.judge.sentences import MARKS
from harness.report.answer.ranking import Ranking, kills, rankings
from harness.report.answer.sentences import said
from harness.report.costs import costs, headline
from harness.report.page.caveats import QUICK
from harness.report.rows.latest import LatestVerdict
from harness.report.terminal.costs import cost_tables
from harness.report.terminal.latest import Latest
from harness.report.terminal.look import look
from harness.report.terminal.tables import figures
from harness.scenario.catalogue import load_words

MOST_ARMS = 10  # of a load
MOST_VERDICTS = 12
CAVEAT = "Arms of a bench are measured one after the other: a description, not a verdict."


def pieces(found: Latest, *, whole: bool = False, tables: bool = False) -> Iterator[RenderableType]:
    """What is printed, piece by piece: the answer, then a line a scenario, then verdicts.

    ``tables`` of every load instead, of the best arms; ``whole``: of all arms.
    """
    scenarios = found.scenarios()
    known = rankings(found)
    if known and not whole and not tables:
        yield from look(known, kills(found))
        yield from others(found, known)
        yield ""
    else:
        for scenario in scenarios:
            yield from figures(found.of(scenario), scenario, MOST_ARMS if not whole else None)
    yield from priced(found, whole=whole or tables)
    yield from end(found, whole=whole)


def priced(found: Latest, *, whole: bool) -> Iterator[RenderableType]:
    """What it costs: of every load, or what a reader looks for first; nothing where no trial says
    what it took.
    """
    prices = read_prices()
    known = costs(found.costs, prices)
    if shown := known if whole else headline(known):
        yield from cost_tables(shown, prices, sys.maxsize if whole else 2 * MOST_ARMS)
        yield ""


def others(found: Latest, known: Sequence[Ranking]) -> Iterator[RenderableType]:
    """A line a scenario that the answer does not hold: who is best in its first metric."""
    asked = {ranking.question.scenario for ranking in known}
    table = Table(box=None, header_style="dim", title_justify="left")
    for name in ("scenario", "best in its first metric", "", "more"):
        table.add_column(name, overflow="fold")
    for scenario in found.scenarios():
        if scenario not in asked:
            table.add_row(*best_of(found.of(scenario), scenario))
    if table.rows:
        yield ""
        yield table


def best_of(found: Latest, scenario: str) -> tuple[str, ...]:
    more = f"nox -s results -- {scenario}"
    ranked = rankings(found)
    if found.medians and not ranked:
        return scenario, "—", "the report has its figures", "nox -s report"
    if not ranked:
        reason = next((state.reason for state in found.states if state.reason), None)
        return scenario, "—", escape(reason or "no valid figure"), more
    told = said(ranked[0])
    return scenario, escape(told.sentence), f"[dim]{escape(told.how)}[/]", more


def end(found: Latest, *, whole: bool) -> Iterator[RenderableType]:
    """What the figures are worth, and the latest verdicts."""
    quick = any(row.size == "quick" for row in found.sizes)
    benched = any(row.command == "bench" for row in found.sizes)
    if caveats := [*[CAVEAT] * benched, *[QUICK] * quick]:
        yield f"[dim]{' '.join(caveats)}[/]"
    if not found.verdicts:
        yield "No verdict yet: nox -s compare -- ARM ARM"
        return
    first = found.verdicts[0]
    note = f" {QUICK}" if first.size == "quick" else ""
    yield ""
    yield f"[bold underline]verdicts[/] [dim]{first.command} of {first.day}.{note}[/]"
    shown = len(found.verdicts) if whole else MOST_VERDICTS
    yield verdict_table(found.verdicts[:shown])
    if len(found.verdicts) > shown:
        yield f"[dim]… and {len(found.verdicts) - shown} more: nox -s results -- --all[/]"


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
