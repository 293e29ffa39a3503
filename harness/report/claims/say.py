"""What was found of claims, on the terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from harness.cli.claims import PublishedClaim
from harness.cli.console import console
from harness.cli.matrix import Matrix
from harness.judge.reproduction import Finding
from harness.report.claims.answers import AnsweredClaim, answered
from harness.report.claims.measured import read_measured
from harness.report.claims.words import told

COLOURS = {
    Finding.REPRODUCED: "green",
    Finding.NOT_REPRODUCED: "red",
    Finding.UNDECIDABLE: "yellow",
}


def show_answers(
    claims: Sequence[PublishedClaim], matrix: Matrix, database: Path, experiment: str
) -> bool:
    """Print what is said of each; whether all have an interval."""
    found = answered(claims, matrix, read_measured(database, experiment))
    for each in found:
        console.print(table(each))
    answers = [answer for each in found for answer in each.answers]
    return all(answer.figure.low is not None for answer in answers)


def table(found: AnsweredClaim) -> Table:
    colour = COLOURS[found.finding]
    made = Table(
        title=f"[bold]{found.claim.name}[/]: {found.claim.claims}: [{colour}]{found.finding}[/]",
        title_justify="left",
        box=None,
        show_header=False,
    )
    for answer in found.answers:
        claims = answer.measurement.claims
        about = "" if claims == found.claim.claims else f"{claims}: "
        made.add_row(f"  {answer.measurement.role}", f"{about}{told(answer)}")
    return made
