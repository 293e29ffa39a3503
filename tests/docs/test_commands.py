"""What the documents say of commands is what can be typed."""

import argparse
import re
import shlex

import pytest

from harness.cli.matrix import Matrix
from harness.cli.sessions import cells_asked, check_sessions, frameworks_of
from harness.commands import COMMANDS
from harness.commands.bench import Bench
from infrastructure.root import ROOT

REFERENCE = (ROOT / "docs" / "commands.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TYPED = re.compile(r"^\$ (?:\S+=\S+ )*nox -s (.*)$", re.MULTILINE)
ONLY_NOX = {"quickstart", "tests", "lint", "lock", "build"}


def section(title: str) -> str:
    return REFERENCE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    return [line.split("|")[1].strip().strip("`") for line in text.splitlines() if line[:2] == "| "]


def test_every_session_has_a_row() -> None:
    rows = [shlex.split(cell)[2] for cell in first_cells(section("Sessions")) if "nox -s" in cell]
    names = [name.partition("-")[0] for name in rows]
    assert set(names) == set(COMMANDS) | ONLY_NOX


def test_every_option_of_a_bench_has_a_row(matrix: Matrix) -> None:
    cells = [cell for cell in first_cells(section("Options of a bench")) if cell[:2] == "--"]
    rows = {option for cell in cells for option in re.findall(r"--[a-z-]+", cell)}
    shown = [a for a in Bench().parser(matrix)._actions if a.help != argparse.SUPPRESS]
    assert rows | {"-h", "--help"} == {name for action in shown for name in action.option_strings}


def typed() -> list[str]:
    """Every command line of the documents, but those about the scenario that is made up there."""
    found = [line for page in PAGES for line in TYPED.findall(page.read_text())]
    return [line for line in found if "--scenario overlap" not in line]


@pytest.mark.parametrize("line", typed(), ids=str)
def test_what_is_shown_can_be_typed(line: str, matrix: Matrix) -> None:
    asked, _, words = line.partition(" -- ")
    [session] = shlex.split(asked, comments=True)
    if session in ONLY_NOX:
        return
    check_sessions([session], list(COMMANDS), matrix)
    found = cells_asked([session], matrix)
    command = Bench(frameworks_of(found, matrix)) if found else COMMANDS[session]
    command.parse(shlex.split(words, comments=True), matrix)
