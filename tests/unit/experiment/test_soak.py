"""What a soak says at its end, and how it goes on after an early one."""

from pathlib import Path

import pytest

from harness.experiment.row import stored_options
from harness.experiment.soak.soak import piece, so_far, summarise
from harness.store.vocabulary import Status
from harness.trial.leftovers import recover
from harness.trial.outcome import Outcome, TrialRow
from infrastructure.errors import UsageError
from infrastructure.processes.folder import CHECKPOINTS, TrialFolder, spool_of
from tests.conftest import Query
from tests.rows import EXPERIMENT, trial_row


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


def test_checkpoints_outlive_a_killed_harness_and_count_for_going_on(
    database: Path, query: Query
) -> None:
    for name in ("t-001", "t-002"):
        row = trial_row(name) | {"status": "failed", "position": int(name[-1])}
        known = {"trial": row, "experiment": vars(EXPERIMENT) | {"command": "soak"}}
        folder = TrialFolder.create(spool_of(database), name, known)
        for number in (1, 2, 3):
            for metric in ("completed", "workers_pss"):
                folder.checkpoint(
                    {
                        "number": number,
                        "at_ns": number,
                        "name": metric,
                        "value": 1.0,
                        "unit": "tasks",
                    }
                )
        with (folder.path / CHECKPOINTS).open("a") as file:
            file.write('{"number": 4, "at_')  # killed in the middle of a line
        folder.release()
    recover(database, spool_of(database))
    kept = "SELECT trial_id, max(number), count(*) FROM checkpoint GROUP BY ALL ORDER BY 1"
    assert query(kept) == [("t-001", 3, 6), ("t-002", 3, 6)]
    assert so_far(database, EXPERIMENT.experiment_id) == (6, 2)
    assert stored_options(database, EXPERIMENT.experiment_id, ("soak",), "soak") == ("soak", {})
    with pytest.raises(UsageError, match="is not in"):
        stored_options(database, "another", ("soak",), "soak")
    with pytest.raises(UsageError, match="is a soak, not a comparison, in"):
        stored_options(database, EXPERIMENT.experiment_id, ("compare",), "comparison")
