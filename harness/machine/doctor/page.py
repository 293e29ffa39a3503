"""What the doctor found: a table a topic, and whether a bench can run here."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.cli.matrix import Matrix
from harness.machine.doctor.findings import Finding, Mark, Topic, missing
from harness.machine.reading import UNREADABLE
from infrastructure.brokers import providers
from infrastructure.counted import counted

COLOURS = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.MISSING: "red", Mark.ABSENT: "dim"}
LOUD = {Mark.WARNING, Mark.MISSING}


def look(topic: Topic, matrix: Matrix) -> list[Finding]:
    """A topic's findings; a look that fails is a finding too."""
    try:
        return topic(matrix)
    except Exception as error:  # noqa: BLE001  the doctor says what is wrong, whatever it is
        return [missing("look", f"{UNREADABLE}: {type(error).__name__}: {error}", "")]


def table(title: str, findings: list[Finding]) -> Table:
    page = Table(title=title, title_justify="left", title_style="bold", box=None, show_header=False)
    page.add_column(no_wrap=True)
    page.add_column(no_wrap=True)
    page.add_column(overflow="fold")
    for f in findings:
        said = Text(f.found)
        if f.advice:
            said.append(f" — {f.advice}", style="bold" if f.mark in LOUD else "dim")
        page.add_row(Text(f.mark, style=COLOURS[f.mark]), f.item, said)
    return page


def can_store(found: dict[str, list[Finding]]) -> bool:
    """Nothing is wrong with the database or its folder."""
    return all(f.mark is not Mark.MISSING for f in found["Database"])


def can_run(found: dict[str, list[Finding]]) -> bool:
    """A bench can run here at all: a declared Python, and a server that we can start."""
    has_python = any(f.mark is Mark.OK for f in found["Pythons"])
    servers = {f"{name}, {provider}" for name, provider in providers()}
    return has_python and any(f.mark is Mark.OK and f.item in servers for f in found["Brokers"])


def verdict(matrix: Matrix, found: dict[str, list[Finding]]) -> str:
    if not can_run(found):
        return "[red]No bench can run here yet:[/] it takes one declared Python and a server."
    if not can_store(found):
        return "[red]No bench can be stored here:[/] see above what is wrong with the database."
    warnings = sum(f.mark is Mark.WARNING for findings in found.values() for f in findings)
    here = next(f.item for f in found["Pythons"] if f.mark is Mark.OK).removeprefix("Python ")
    note = f" with {counted(warnings, 'warning')}" if warnings else ""
    cell = matrix.quickstart[0]
    return f'[green]A bench can run here[/]{note}; next: nox -s "bench-{here}({cell})"'


def examine(topics: Mapping[str, Topic], matrix: Matrix) -> bool:
    """Look at everything and say it; whether a bench can run here at all, and be stored."""
    console = Console(highlight=False)
    console.print("[dim]looking at this machine, a few seconds …[/]")
    found: dict[str, list[Finding]] = {}
    for title, topic in topics.items():
        found[title] = look(topic, matrix)
        console.print()
        console.print(table(title, found[title]))
    console.print()
    console.print(verdict(matrix, found))
    return can_run(found) and can_store(found)
