"""What commands that measure, or only show a plan, say before they start and leave behind."""

from argparse import Namespace
from pathlib import Path

import pytest

from harness.commands.measuring import alone, only_planned
from harness.machine.lock import VARIABLE, MachineTaken
from harness.store.database import open_database
from tests.made.databases import fill
from tests.made.rows import made


def plan(database: Path) -> None:
    """What every plan does with it first."""
    with open_database(database):
        pass


def refused(database: Path) -> None:
    with only_planned(Namespace(db=database)):
        plan(database)
        raise ValueError("no cell")


def test_a_plan_leaves_no_database_where_there_was_none(tmp_path: Path) -> None:
    database = tmp_path / "r.duckdb"
    with only_planned(Namespace(db=database)):
        plan(database)
        assert database.exists()
    assert not database.exists()
    with pytest.raises(ValueError, match="no cell"):
        refused(database)
    assert not database.exists()


def test_what_was_there_or_was_measured_meanwhile_stays(tmp_path: Path) -> None:
    database = tmp_path / "r.duckdb"
    with only_planned(Namespace(db=database)):
        made(tmp_path, fill)  # by another session
    assert database.exists()
    with open_database(tmp_path / "empty.duckdb"):
        pass
    with only_planned(Namespace(db=tmp_path / "empty.duckdb")):
        plan(tmp_path / "empty.duckdb")
    assert (tmp_path / "empty.duckdb").exists()


@pytest.mark.parametrize(
    ("argv", "typed"),
    [
        (
            ["soak", "--cell", "celery", "5.7.0", "3.12", "/p", "celery", "--hours", "1"],
            "nox -s soak -- celery --hours 1",
        ),
        (["survey"], "nox -s survey"),
        (["series", "--release", "5.7.0", "2026-11-05", "", "9", "", "rq"], "nox -s series -- rq"),
    ],
    ids=lambda words: words[0],
)
def test_who_has_the_machine_is_named_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str], typed: str
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "lock"))
    monkeypatch.setattr("harness.machine.neighbours.busy", lambda: "")
    monkeypatch.setattr("sys.argv", ["harness", *argv])
    options = Namespace(wait=False)
    with alone(options), pytest.raises(MachineTaken) as refused, alone(options):
        pytest.fail("two benches at once")
    assert f": {typed}); two at once" in str(refused.value)


@pytest.mark.parametrize("found", ["", "foreign cpu percent 90 exceeds 5; running: make (7)"])
def test_a_busy_machine_is_said_before_anything_starts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    found: str,
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "lock"))
    monkeypatch.setattr("harness.machine.neighbours.busy", lambda: found)
    with alone(Namespace(wait=False)):
        said = " ".join(capsys.readouterr().out.split())
    assert said == (f"this machine is busy: {found}" if found else "")
