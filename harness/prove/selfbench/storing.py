"""What is stored of figures that no trial of a framework gave."""

from pathlib import Path

from harness.experiment.row import new_experiment
from harness.machine import environment
from harness.prove.selfbench.aims import missed
from harness.prove.selfbench.session import QUICK_SIZES, SelfbenchSession
from harness.prove.selfbench.synthetic import synthetic_row
from harness.store.ingest import ingest, spool_trial
from harness.store.rows import ExperimentRow, Row, Tables
from harness.store.vocabulary import Purpose
from harness.trial.rows import environment_rows, metric_rows
from infrastructure.processes.folder import TrialFolder, spool_of


def store_session(session: SelfbenchSession) -> None:
    """The session as one trial of purpose ``selfbench``; missed aims are its remarks."""
    size = "quick" if session.sizes is QUICK_SIZES else "full"
    asked = {"sizes": vars(session.sizes)}
    experiment = new_experiment("selfbench", size, session.seed, asked)
    trial_id = f"{experiment.experiment_id}-001"
    row = synthetic_row(experiment.experiment_id, trial_id, Purpose.SELFBENCH)
    row |= {"purpose": Purpose.SELFBENCH, "remarks": "; ".join(missed(session.metrics)) or None}
    surroundings = environment.machine() | environment.calibrate()
    tables = {
        "metric": metric_rows(trial_id, session.metrics),
        "environment": environment_rows(trial_id, surroundings),
    }
    store_trial(session.database, experiment, row, tables)


def store_trial(database: Path, experiment: ExperimentRow, row: Row, tables: Tables) -> None:
    """By the way of every trial: spooled, then ingested."""
    known = {"trial": row, "experiment": vars(experiment)}
    folder = TrialFolder.create(spool_of(database), row["trial_id"], known)
    spool_trial(folder.path, known, tables)
    ingest(database, folder.path)
    folder.remove()
