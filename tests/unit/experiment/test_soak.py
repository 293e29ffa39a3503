"""What a soak says at its end, and how it goes on after an early one."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.exits import Exit
from harness.experiment.row import stored_options
from harness.experiment.soak.soak import piece, so_far, soak, summarise
from harness.store.database import open_database
from harness.store.vocabulary import Status
from harness.trial.cell import Arm, wanted
from harness.trial.leftovers import recover
from harness.trial.outcome import Outcome, TrialRow
from harness.trial.plan import Setup, TrialPlan
from infrastructure.errors import UsageError
from infrastructure.processes.folder import CHECKPOINTS, TrialFolder, spool_of
from tests.conftest import Query
from tests.rows import EXPERIMENT, trial_row
from tests.unit.experiment.comparison.made import STUB


def test_a_soak_says_its_slopes_and_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = {
        "backlog_slope": 9.0,
        "workers_pss_slope_low": -1.0,
        "workers_pss_slope": 2.0,
        "workers_pss_slope_high": 5.0,
    }
    row = TrialRow(**trial_row("t") | {"status": Status.FAILED})
    summarise(Outcome(row, metrics), "20261124-x")
    said = capsys.readouterr().out
    assert "workers_pss" in said
    assert "-1 … 5" in said
    assert "backlog" not in said
    assert "nox -s soak -- --resume 20261124-x" in said


def test_a_soak_in_pieces_ends_in_time_and_says_what_is_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert piece(60, None) == 60
    left, pieces = 60, list[int]()
    while left:
        pieces.append(piece(left, 13 * 60.0))
        left -= pieces[-1]
    assert pieces == [10] * 6  # of at most 11
    assert piece(60, 14 * 60.0) == 12
    assert piece(3, 3600.0) == 3
    with pytest.raises(UsageError, match="120s or more"):
        piece(60, 119.0)
    summarise(Outcome(TrialRow(**trial_row("t")), {}), "20261124-x", left=50)
    said = capsys.readouterr().out
    assert "50 minutes left" in said
    assert "nox -s soak -- --resume 20261124-x" in said


def left_with_three_minutes(database: Path, name: str) -> None:
    """A trial of a harness that was killed in the middle of a line of its fourth."""
    row = trial_row(name) | {"status": "failed", "position": int(name[-1])}
    known = {"trial": row, "experiment": vars(EXPERIMENT) | {"command": "soak"}}
    folder = TrialFolder.create(spool_of(database), name, known)
    for number in (1, 2, 3):
        for metric in ("completed", "workers_pss"):
            checkpoint = {"number": number, "at_ns": number, "name": metric}
            folder.checkpoint({**checkpoint, "value": 1.0, "unit": "tasks"})
    with (folder.path / CHECKPOINTS).open("a") as file:
        file.write('{"number": 4, "at_')
    folder.release()


def test_checkpoints_outlive_a_killed_harness_and_count_for_going_on(
    database: Path, query: Query
) -> None:
    for name in ("t-001", "t-002"):
        left_with_three_minutes(database, name)
    recover(database, spool_of(database))
    kept = "SELECT trial_id, max(number), count(*) FROM checkpoint GROUP BY ALL ORDER BY 1"
    assert query(kept) == [("t-001", 3, 6), ("t-002", 3, 6)]
    assert so_far(database, EXPERIMENT.experiment_id) == (6, 2)
    assert stored_options(database, EXPERIMENT.experiment_id, ("soak",), "soak") == ("soak", {})
    with pytest.raises(UsageError, match="is not in"):
        stored_options(database, "another", ("soak",), "soak")
    with pytest.raises(UsageError, match="is a soak, not a comparison, in"):
        stored_options(database, EXPERIMENT.experiment_id, ("compare",), "comparison")


@pytest.mark.usefixtures("no_guard")
def test_the_minutes_of_the_trial_that_a_harness_was_killed_in_are_not_measured_again(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the spool until the next session begins."""
    with open_database(database):
        pass
    left_with_three_minutes(database, "t-001")
    assert stored_options(database, EXPERIMENT.experiment_id, ("soak",), "soak") == ("soak", {})
    arm = Arm("stub", "1.0", "3.12", sys.executable, STUB, "matched")
    can: Any = {wanted("soak", {}): SimpleNamespace(gap="")}
    setup = Setup(database, EXPERIMENT, arm, can, database.parent)
    planned = list[TrialPlan]()

    def watched(_setup: Setup, plan: TrialPlan, _progress: object) -> Outcome:
        planned.append(plan)
        return Outcome(TrialRow(**trial_row(plan.trial_id)), {})

    monkeypatch.setattr("harness.experiment.soak.soak.prepare", lambda *_: setup)
    monkeypatch.setattr("harness.experiment.soak.soak.watched", watched)
    known = {"minutes": 5, "rate": 50, "seed": 7, "max_time_s": None}
    asked: Any = SimpleNamespace(database=database, resume=EXPERIMENT.experiment_id, **known)
    assert soak(asked) == Exit.FINE
    [plan] = planned
    assert (plan.position, plan.point.options["minutes"]) == (2, 2)
