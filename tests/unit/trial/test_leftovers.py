"""What a killed session left is stored and removed."""

import json
from pathlib import Path

from harness.trial.leftovers import recover
from infrastructure.processes.folder import TrialFolder, spool_of
from tests.conftest import Query
from tests.rows import EXPERIMENT, finished, trial_row


def test_leftovers_are_stored_and_owned_folders_left_alone(database: Path, query: Query) -> None:
    spool = spool_of(database)
    dead, living = finished(spool, "dead"), finished(spool, "living")
    dead.release()
    (said,) = recover(database, spool)
    assert "dead: stored" in said
    assert query("SELECT trial_id FROM trial") == [("dead",)]
    assert [p.name for p in spool.iterdir()] == ["living"]
    living.remove()


def test_a_half_spooled_trial_does_not_block_the_next_start(database: Path, query: Query) -> None:
    """The disk was full, or the harness was killed while it wrote its rows."""
    row = trial_row("half") | {"status": "failed"}
    folder = TrialFolder.create(
        spool_of(database), "half", {"trial": row, "experiment": vars(EXPERIMENT)}
    )
    (folder.path / "task_record.parquet").write_bytes(b"PAR1 and then nothing")
    folder.release()
    recover(database, spool_of(database))
    assert query("SELECT trial_id, status FROM trial") == [("half", "failed")]


def test_the_trial_of_a_killed_session_is_a_failed_row(database: Path, query: Query) -> None:
    row = trial_row("t") | {"status": "failed", "reason": "the harness ended before the trial did"}
    folder = TrialFolder.create(
        spool_of(database), "t", {"trial": row, "experiment": vars(EXPERIMENT)}
    )
    assert json.loads((folder.path / "trial.json").read_text())["trial"]["status"] == "failed"
    folder.release()
    recover(database, spool_of(database))
    assert query("SELECT status FROM trial") == [("failed",)]
