"""The faults: each finds what it strikes, and says whether it was there."""

import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from infrastructure.processes.role import Role
from tests.faults.spool import sessions
from tests.faults.target import Target
from tests.integration.trial.session import is_running

FILLER = "filler"
DISK_MIB = 24  # of a file system of its own: room for what a round stores
CLOCK = "clock step"
STEP_S = 10.0  # longer than a trial folder may be without an owner


def kill(pid: int | None) -> bool:
    if pid is None or not is_running(pid):
        return False
    psutil.Process(pid).send_signal(signal.SIGKILL)
    return True


def of_role(role: Role) -> Callable[[Target], bool]:
    """Kill the newest process of a role that is there."""

    def strike(target: Target) -> bool:
        found = [pid for pid, name in sessions(target.database) if name == role and is_running(pid)]
        return kill(found[-1]) if found else False

    return strike


def harness(target: Target) -> bool:
    return kill(target.harness)


def guard(target: Target) -> bool:
    return kill(target.guard())


def both(target: Target) -> bool:
    """The guard first: it would see its pipe end."""
    return kill(target.guard()) and kill(target.harness)


def full_disk(target: Target) -> bool:
    """Leave no room where the session stores, by a file on a file system of its own; where none
    could be mounted, by a limit to the size of the harness's files.
    """
    folder = target.database.parent
    if folder.is_mount():
        with suppress(OSError), (folder / FILLER).open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(1 << 16))
    else:
        with suppress(ProcessLookupError):
            resource.prlimit(target.harness, resource.RLIMIT_FSIZE, (1 << 12, 1 << 12))
    return is_running(target.harness)


def step_back(target: Target) -> bool:
    """Put the machine's clock back and kill the harness and its guard: what is left has to be found
    by those to whom it began in the future.
    """
    if target.guard() is None:
        return False
    time.clock_settime(time.CLOCK_REALTIME, time.time() - STEP_S)
    return both(target)


@contextmanager
def clock_put_right() -> Iterator[None]:
    """Undo a step of the clock, by the clock that nobody can step."""
    ahead_s = time.time() - time.monotonic()
    try:
        yield
    finally:
        right = ahead_s + time.monotonic()
        if abs(right - time.time()) > STEP_S / 2:
            time.clock_settime(time.CLOCK_REALTIME, right)


def mount(folder: Path) -> bool:
    """A small file system there, where this user may; whether there is one."""
    options = ["-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    return subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


BLOWS: Mapping[str, Callable[[Target], bool]] = {
    "worker": of_role(Role.WORKERS),
    "producer": of_role(Role.PRODUCER),
    "broker": of_role(Role.BROKER),
    "harness": harness,
    "guard": guard,
    "harness and guard": both,
    "disk full": full_disk,
    CLOCK: step_back,
}
TAME = [name for name in BLOWS if name != CLOCK]  # which disturb nobody else on the machine
