"""Names of sessions as they are typed: misspelt, without ``--``, one cell or many."""

import pytest

from harness.cli.matrix import Matrix
from harness.cli.sessions import (
    cells_asked,
    check_sessions,
    overview,
    parted,
    sessions_asked,
)
from harness.commands import COMMANDS
from infrastructure.errors import UsageError

KNOWN = [*COMMANDS, "quickstart", "tests", "lint", "lock"]


@pytest.mark.parametrize(
    ("argv", "names"),
    [
        (["-s", "report"], ["report"]),
        (["-R", "-s", "bench-3.12(celery)", "lint", "-v"], ["bench-3.12(celery)", "lint"]),
        (["--sessions=report"], ["report"]),
        (["-p", "3.12", "-e", "tests"], ["tests"]),
        (["-l"], []),
    ],
)
def test_names_are_what_stands_after_the_option(argv: list[str], names: list[str]) -> None:
    assert list(sessions_asked(argv)) == names


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["quickstrat"], "did you mean 'quickstart'?"),
        (["bench-3.12(celry)"], "did you mean 'bench-3.12(celery)'"),
        (["bench-3.11(celery)"], "did you mean 'bench-3."),
        (["zzz"], "no session 'zzz': nox -l lists all there are"),
        (["tests", "unit"], "-- has to stand before it: nox -s tests -- unit"),
        (["compare", "raw", "celery"], "nox -s compare -- raw celery"),
        (["bench-3.12(celery)", "smoke"], "nox -s 'bench-3.12(celery)' -- smoke"),
    ],
)
def test_what_is_no_session_is_refused_in_a_line(
    matrix: Matrix, asked: list[str], said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        check_sessions(asked, KNOWN, matrix)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "asked", [["bench"], ["bench-3.13"], ["bench-3.12(celery-5.4.0)"], ["lint", "tests"], []]
)
def test_what_is_one_is_not(matrix: Matrix, asked: list[str]) -> None:
    check_sessions(asked, KNOWN, matrix)


def test_a_group_stands_for_its_cells(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.sessions.interpreters", lambda _: {"3.12": "/a"})
    cells = cells_asked(["bench"], matrix)
    here, missed = parted(cells, matrix)
    assert len(here) == len(matrix.pins())
    assert len(here) + len(missed) == len(cells) == len(matrix.sessions())


def test_the_cells_fit_on_a_screen(matrix: Matrix) -> None:
    shown = overview(matrix)
    assert {pin.id for pin in matrix.pins()} <= set(shown.split())
    assert len(shown.splitlines()) < 20
