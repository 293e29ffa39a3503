"""A folder for cells that are tried: nothing in it is kept, whoever ends the harness."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infrastructure.processes.folder import end_processes, is_owned, leftovers, own, spool_of

PREFIX = "bench-cells-"
DATABASE = "cells.duckdb"  # whose spool has the trials


@contextmanager
def trying_place() -> Iterator[Path]:
    """The folder, removed in the end; first those of harnesses that were killed."""
    for folder in forsaken(Path(tempfile.gettempdir())):
        remove(folder)
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        with own(folder):
            yield folder


def forsaken(place: Path) -> Iterator[Path]:
    """Ours, whose harness is gone."""
    for folder in place.glob(f"{PREFIX}*"):
        if folder.stat().st_uid == os.getuid() and not is_owned(folder):
            yield folder


def remove(folder: Path) -> None:
    """With what still runs in it."""
    for trial in leftovers(spool_of(folder / DATABASE)):
        end_processes(trial)
    shutil.rmtree(folder)
