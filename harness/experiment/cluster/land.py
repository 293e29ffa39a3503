"""What comes back from machines: checked, then all trials of a work in one transaction, or none."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from harness.experiment.cluster.parcel import Delivery, checked
from harness.store.ingest import ingest, write_row
from harness.store.rows import TABLES
from harness.store.vocabulary import Purpose
from infrastructure.errors import BenchError
from infrastructure.processes.folder import TRIAL, own, spool_of

FETCHED = {TRIAL, *(f"{name}.parquet" for name in TABLES)}
TRIAL_ID = re.compile(r"[0-9a-z-]+")


def land(database: Path, delivery: Delivery, experiment: str, *, broken: bool) -> int:
    """Store what is not there yet; how many trials that were. ``broken``: the work broke off, or
    its block was measured elsewhere meanwhile, and its trials are in no figure. Raises BenchError
    for what is none of this experiment's.
    """
    with landing(spool_of(database), delivery.id) as place:
        folders = [
            unpacked(place, name, files, experiment) for name, files in delivery.trials.items()
        ]
        for folder in folders if broken else ():
            take_out(folder)
        return ingest(database, *folders) if folders else 0


@contextmanager
def landing(spool: Path, name: str) -> Iterator[Path]:
    """A folder of this process in the spool: what a killed one leaves, the next start removes."""
    place = spool / checked(name)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with own(place):
        try:
            yield place
        finally:
            shutil.rmtree(place)


def unpacked(place: Path, name: str, files: Mapping[str, bytes], experiment: str) -> Path:
    """A trial's folder. Raises BenchError for names and rows that no trial of ours has."""
    strange = sorted({*files} - FETCHED)
    own = name.startswith(f"{experiment}-") and TRIAL_ID.fullmatch(name)
    known = json.loads(files[TRIAL]) if TRIAL in files else {}
    if strange or not own or known.get("trial", {}).get("trial_id") != name:
        raise BenchError(f"a machine sent what is no trial of {experiment}: {name}, {strange}")
    folder = place / name
    folder.mkdir()
    for file, data in files.items():
        (folder / file).write_bytes(data)
    return folder


def take_out(folder: Path) -> None:
    """Of the comparison."""
    known = json.loads((folder / TRIAL).read_text())
    if known["trial"]["purpose"] == Purpose.MEASURE:
        known["trial"]["purpose"] = Purpose.BROKEN
        write_row(folder, known)
