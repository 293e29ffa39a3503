"""A standing broker: one that stays up until it is told to go, for whoever wants one.

It belongs to a folder ``.nox/infra/BROKER/``: its data, its logs, the sessions of its processes,
and what is known of it (STANDING, readable by its owner only: an address may hold a password).
These are not trial folders: no watchdog and no recovery of the harness looks there.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from infrastructure import docker
from infrastructure.processes.born import Born, born
from infrastructure.processes.folder import (
    is_live,
)

STANDING = "standing.json"


@dataclass(frozen=True)
class Standing:
    """What is known of a standing broker. ``pid`` is None for a container, ``born`` its process's
    start as ``processes.born`` writes it, ``since`` when it was ready (seconds of the epoch).
    """

    broker: str
    provider: str
    relaxed: bool
    version: str
    url: str
    pid: int | None
    born: str
    since: float

    def write(self, folder: Path) -> None:
        descriptor = os.open(folder / STANDING, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file)

    @classmethod
    def read(cls, folder: Path) -> "Standing | None":
        """None for one that never got ready, is not there, or was written by another version."""
        try:
            return cls(**json.loads((folder / STANDING).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def lives(self, folder: Path) -> bool:
        """Whether its process, or its container, is there."""
        if self.pid is not None:
            return is_same(self.pid, Born.read(str(self.born)))
        project = docker.project_of(folder)
        return project is not None and project.runs()

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0


def is_same(pid: int, then: Born) -> bool:
    """Whether that very process lives."""
    try:
        return born(pid) == then and is_live(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def standing_in(place: Path) -> list[str]:
    """Brokers that have a folder, standing or not."""
    return sorted(path.name for path in place.iterdir() if path.is_dir()) if place.is_dir() else []
