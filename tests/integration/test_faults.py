"""Ten rounds of the campaign of faults; hundreds: ``nox -s tests -- faults --rounds 200``."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.store.database import open_database
from harness.trial.cell import Arm
from tests.faults import blows
from tests.faults.__main__ import say, table
from tests.faults.blows import BLOWS, CLOCK, STEP_S, TAME, clock_put_right
from tests.faults.round import Found, count_rows, play
from tests.faults.spool import Seen
from tests.faults.target import Target
from tests.rounds import exit_code

SEED = 17
ROUNDS = 10


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_blow_costs_nothing(make_arm: Callable[..., Arm], number: int) -> None:
    found = play(SEED, number, make_arm("raw").executable)
    assert found.clean, found


def test_every_fault_is_among_them() -> None:
    assert len(TAME) <= ROUNDS


def test_a_session_that_never_began_is_a_miss(capsys: pytest.CaptureFixture[str]) -> None:
    found = play(SEED, 3, "/nonexistent/python")
    assert (found.began, found.hit, found.clean) == (False, False, True)
    say(3, found)
    said = capsys.readouterr().out
    assert "missed: the session never began" in said
    assert "/nonexistent/python" in said  # why


def test_a_step_of_the_clock_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    stepped = [0.0]

    def settime(_clock: int, seconds: float) -> None:
        stepped[0] = seconds - time.monotonic()

    monkeypatch.setattr(time, "time", lambda: time.monotonic() + stepped[0])
    monkeypatch.setattr(time, "clock_settime", settime)
    monkeypatch.setattr(blows, "both", lambda _target: True)
    monkeypatch.setattr(Target, "guard", lambda _target: 1)
    with clock_put_right():
        assert BLOWS[CLOCK](Target(0, Path()))
        assert stepped[0] == pytest.approx(-STEP_S, abs=0.5)
    assert stepped[0] == pytest.approx(0, abs=0.5)


def test_what_is_missing_is_counted(database: Path) -> None:
    with open_database(database):
        pass
    found, seen = Found("harness", 0.0, trial=1), Seen(database)
    seen.trials["gone-001"] = 5
    count_rows(found, seen, database)
    assert (found.wrong, found.clean) == (
        {"lost rows": 6},
        False,
    )  # its row, and those of its tasks


def test_the_table_counts_and_the_exit_code_tells() -> None:
    clean = Found("worker", 0.0, hit=True)
    bad = Found("worker", 0.0, hit=True, wrong=Counter({"orphans": 2, "left over": 1}))
    assert [row.split()[-6:] for row in table([clean, bad])[1:]] == [
        ["2", "0", "2", "0", "0", "1"]
    ] * 2
    assert [exit_code(r) for r in ([clean], [clean, bad], [Found("worker", 0.0)])] == [0, 1, 1]


def test_a_database_that_does_not_open_is_counted(database: Path) -> None:
    database.write_bytes(b"torn" * 10_000)
    found, seen = Found("disk full", 0.0, trial=1), Seen(database)
    seen.trials["gone-001"] = 5
    count_rows(found, seen, database)
    assert (found.wrong, found.clean) == ({"unopened": 1}, False)
