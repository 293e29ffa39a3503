"""Ending a PostgreSQL server of ours, also one that was killed, so that nothing is left."""

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from infrastructure.postgresql.user import as_somebody
from infrastructure.processes.child import Child
from infrastructure.servers import ENVIRONMENT
from infrastructure.tables.own import READY_S
from infrastructure.tables.running import STOP_S

LOCK = "postmaster.pid"  # file of a data folder: who serves it
STARTED = "postmaster.opts"  # file of a data folder: the command that it was last served by


def end(data: Path, child: Child) -> None:
    """By a fast shutdown: clients are cut off, and what they were at is rolled back."""
    child.stop(signal.SIGINT, STOP_S)
    kill_orphans(data)
    if (data / LOCK).exists():
        forget(data)


def forget(data: Path) -> None:
    """Make a server that was killed, and its last child with it, leave nothing. It has left its
    lock file, and shared memory which only the next start on the same data takes away: one
    without clients or port does, and ends with its input.
    """
    if not (data / STARTED).exists():
        return
    program, *_ = shlex.split((data / STARTED).read_text())
    argv = [*as_somebody()[0], program, "--single", "-D", str(data), "postgres"]
    (data / LOCK).unlink()  # it names a process that may be a zombie yet, which counts as running
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=ENVIRONMENT,
            cwd=data.parent,
            timeout=READY_S,
            check=False,
        )


def kill_orphans(data: Path) -> None:
    """End what a killed postmaster leaves: its children have sessions of their own, and one that
    is busy does not look up until its statement is done. All of them work in the data folder.
    """
    orphans = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.cwd() == os.path.realpath(data):
                process.send_signal(signal.SIGKILL)
                orphans.append(process)
    psutil.wait_procs(orphans, timeout=STOP_S)
