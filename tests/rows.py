"""Rows of trials that nobody ran, for tests of what is stored."""

from pathlib import Path
from typing import Any

from harness.experiment.row import new_experiment
from harness.prove.selfbench.synthetic import synthetic_row
from harness.store.ingest import spool_trial
from infrastructure.processes.folder import TrialFolder

EXPERIMENT = new_experiment("bench", "tiny", 1, {})


def trial_row(trial_id: str) -> dict[str, Any]:
    return synthetic_row(EXPERIMENT.experiment_id, trial_id, "throughput")


def finished(spool: Path, trial_id: str) -> TrialFolder:
    """A folder as a trial leaves it: failed until its rows are written, then ok."""
    row = trial_row(trial_id)
    begun = {"trial": row | {"status": "failed"}, "experiment": vars(EXPERIMENT)}
    folder = TrialFolder.create(spool, trial_id, begun)
    known = {"trial": row, "experiment": vars(EXPERIMENT)}
    metrics = [{"trial_id": trial_id, "name": "drain_rate", "value": 1.0, "unit": "tasks/s"}]
    spool_trial(folder.path, known, {"metric": metrics})
    return folder
