"""Processes of a trial that belong to none of its roles.

What a worker starts is in its session, or is a child of its leader: the sampler counts both. A
daemon leaves the session and its parent, and what it uses would be in no figure. Whatever began in
a cell has the spec's place in its environment; what a server starts has not.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

import psutil

from infrastructure.processes.folder import SESSIONS, TrialFolder
from infrastructure.processes.table import GONE, families
from tasks.spec import SPEC_VARIABLE


def outside(folder: TrialFolder) -> frozenset[int]:
    """Live processes that were given the trial's spec and are in no session of a role, nor children
    of its leader.
    """
    path = folder.path / SESSIONS
    lines = path.read_text().splitlines() if path.exists() else []
    inside = families(int(line.split()[0]) for line in lines)
    return frozenset(p for p in psutil.pids() if p not in inside and was_given(p, folder.path))


def was_given(pid: int, folder: Path) -> bool:
    """Whether a spec in the folder stands in the environment that it began with."""
    with suppress(*GONE, PermissionError):
        spec = os.fsencode(f"{SPEC_VARIABLE}={folder}/")
        return spec in Path(f"/proc/{pid}/environ").read_bytes()
    return False


def end_outside(folder: TrialFolder) -> None:
    """SIGKILL to them: nobody else knows them."""
    for pid in outside(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
