"""The history of a framework's releases on the terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from harness.cli.console import console
from harness.cli.numbers import in_words, number
from harness.report.history import History, Released, histories, lines
from harness.report.page.columns import of_scenarios
from harness.report.rows.fetch import fetch_as
from harness.report.rows.grouped import grouped
from harness.report.rows.history import BesideFixed, ConfirmedStep
from harness.report.tables import FIGURES, make_tables
from harness.scenario.catalogue import load_words
from harness.store.database import open_database

STEP = "  ── step"


def show_history(database: Path, experiment: str) -> None:
    """Print what is there of a series."""
    for piece in pieces(read(database, experiment)):
        console.print(piece, highlight=False)


def read(database: Path, experiment: str) -> list[History]:
    with open_database(database, read_only=True) as connection:
        make_tables(connection, [f"report_{name}" for name in FIGURES], experiment)
        asked = {"primary": of_scenarios()["primary"]}
        rows = fetch_as(BesideFixed, connection, "report_history", asked)
        return histories(rows, fetch_as(ConfirmedStep, connection, "report_history_steps"))


def pieces(found: Sequence[History]) -> Iterator[Table | str]:
    """A table a load."""
    for own in grouped(found, lambda each: (each.of.scenario, each.of.point)):
        first = own[0]
        load = load_words((first.of.scenario, first.of.point))
        yield ""
        yield (
            f"[bold]{escape(load)}, times that of {first.framework} {first.fixed}[/] "
            "[dim](95 % intervals by the scatter of all; between: steps that new blocks "
            "confirmed)[/]"
        )
        yield table(own)


def table(own: Sequence[History]) -> Table:
    """A row a release, a column a metric."""
    made = Table(box=None, header_style="dim")
    made.add_column("release", no_wrap=True)
    made.add_column("of", no_wrap=True, style="dim")
    for each in own:
        made.add_column(in_words(each.of.metric), no_wrap=True)
    for line in lines(own):
        if any(line.steps):
            made.add_row(f"[red]{STEP}[/]", "", *map(step_of, line.steps))
        made.add_row(escape(line.version), line.day, *map(figure, line.releases))
    return made


def figure(release: Released | None) -> str:
    if release is None:
        return "—"
    level = release.level
    return f"[bold]{number(level.ratio)}[/] [dim]{number(level.low)} – {number(level.high)}[/]"


def step_of(step: ConfirmedStep | None) -> str:
    """The factor of the new blocks."""
    if step is None:
        return ""
    return f"[red]× {number(step.ratio)}[/] [dim]{number(step.low)} – {number(step.high)}[/]"
