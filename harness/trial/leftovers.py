"""After a harness was killed: end what it left running, store what it had measured."""

import json
import shutil
from pathlib import Path

from harness.measure.records import Records
from harness.store.ingest import ingest, spool_trial
from harness.trial.records import recorded_tables
from infrastructure.counted import counted
from infrastructure.docker import project_of
from infrastructure.errors import TrialFailed
from infrastructure.processes.folder import TRIAL, end_processes, leftovers


def recover(database: Path, spool: Path) -> list[str]:
    """Clean up every folder without an owner; one sentence about each.

    A finished trial that was not ingested is stored as it is. An unfinished one is stored as
    ``failed`` with the records that its processes had written. Raises StoreError.
    """
    return [f"left over: {clean_up(database, f)}" for f in list(leftovers(spool))]


def clean_up(database: Path, folder: Path) -> str:
    settled = settle(folder)
    what = "nothing to store"
    if (folder / TRIAL).exists():
        what = "stored" if ingest(database, folder) else "already stored"
    shutil.rmtree(folder)
    return f"{folder.name}: {what}, {settled}"


def settle(folder: Path) -> str:
    """End what still runs, and finish the rows of a trial that was not; in words."""
    ended = end_processes(folder)
    removed = remove_container(folder)
    if (folder / TRIAL).exists():
        known = json.loads((folder / TRIAL).read_text())
        if not known.get("complete"):
            spool_records(folder, known)
    return f"{counted(ended, 'process', 'processes')} ended{removed}"


def remove_container(folder: Path) -> str:
    """What became of the folder's container, if it had one; it must not stop the next session."""
    project = project_of(folder)
    if project is None:
        return ""
    try:
        project.down()
    except TrialFailed as error:
        return f"; {error}"
    return ", its container removed"


def spool_records(folder: Path, known: dict[str, dict[str, str]]) -> None:
    """Replace whatever was half spooled by what the record files hold."""
    for half in folder.glob("*.parquet"):
        half.unlink()
    trial_id = known["trial"]["trial_id"]
    phases = Records.phases(folder / "records")
    spool_trial(folder, known, recorded_tables(trial_id, folder, phases))
