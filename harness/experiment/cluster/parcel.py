"""Where a machine keeps what it carries out until it is stored, and how that travels.

Each work has a folder of its own there: its spool, and its answer once it is done. Dask's worker
imports this, and nothing heavy with it.
"""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infrastructure.processes.folder import TRIAL, spool_of
from infrastructure.root import BUILT

VARIABLE = "BENCH_BLOCKS"  # another place
HOSTS = "hosts"  # folders of trials whose roles are on several machines
DATABASE = "results.duckdb"  # of a work: it stays empty, and its spool stands beside it
ANSWER = "answer.json"
ID = re.compile(r"[0-9a-z-]+")  # of a work, which names its folder


def place() -> Path:
    return Path(os.environ.get(VARIABLE) or BUILT / "blocks")


def checked(name: str) -> str:
    """An id. Raises ValueError for what could name another folder."""
    if not ID.fullmatch(name):
        raise ValueError(f"{name!r} is no id of a work")
    return name


@dataclass(frozen=True)
class Delivery:
    """A work as it travels: its answer's text, empty where it broke off, and the files of each of
    its trials.
    """

    id: str
    answer: str
    trials: Mapping[str, Mapping[str, bytes]]


def packed(name: str) -> Delivery:
    """What a work left to be stored."""
    folder = place() / checked(name)
    answer = folder / ANSWER
    trials = {
        file.parent.name: {each.name: each.read_bytes() for each in [file, *tables(file.parent)]}
        for file in sorted(spool_of(folder / DATABASE).glob(f"*/{TRIAL}"))
    }
    return Delivery(name, answer.read_text() if answer.exists() else "", trials)


def tables(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def forget(name: str) -> None:
    """What was stored elsewhere; nothing where it is gone already."""
    shutil.rmtree(place() / checked(name), ignore_errors=True)
