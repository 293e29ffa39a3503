"""Ten rounds of the campaign of faults; hundreds: ``nox -s tests -- faults --rounds 200``."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.store.database import open_database
from harness.trial.cell import Arm
from tests.faults.blows import BLOWS
from tests.faults.round import Found, count_rows, play
from tests.faults.spool import Seen

SEED = 17
ROUNDS = 10


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_blow_costs_nothing(make_arm: Callable[..., Arm], number: int) -> None:
    found = play(SEED, number, make_arm("raw").executable)
    assert found.clean, found


def test_every_fault_is_among_them() -> None:
    assert len(BLOWS) <= ROUNDS


def test_what_is_missing_is_counted(database: Path) -> None:
    with open_database(database):
        pass
    found, seen = Found("harness", 1, 0.0), Seen(database)
    seen.trials["gone-001"] = 5
    count_rows(found, seen, database)
    assert (found.lost, found.clean) == (6, False)  # its row, and those of its tasks


def test_a_database_that_does_not_open_is_counted(database: Path) -> None:
    database.write_bytes(b"torn" * 10_000)
    found, seen = Found("disk full", 1, 0.0), Seen(database)
    seen.trials["gone-001"] = 5
    count_rows(found, seen, database)
    assert (found.unopened, found.clean) == (1, False)
