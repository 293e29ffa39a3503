"""One machine, one bench: two at once would measure each other.

The lock is of the machine, not of a checkout or a user. The kernel holds it for as long as this
process lives (flock), so that nothing has to be cleaned up after one that was killed.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self

from harness.cli.console import console
from infrastructure.errors import BenchError
from infrastructure.redact import redacted

# Not below TMPDIR, which may be another for everybody.
USUAL = Path("/tmp/taskqueue-bench.lock")  # noqa: S108  shared on purpose, and opened with care
VARIABLE = "BENCH_MACHINE_LOCK"  # another file, for sessions that are not to be measured
POLL_S = 0.5


class MachineTaken(BenchError):
    """Another bench measures on this machine."""


class Holder(NamedTuple):
    """Who measures: process, command as it was typed and since when, as it said itself."""

    pid: int
    command: str
    since: str

    @classmethod
    def this(cls, typed: str) -> Self:
        return cls(os.getpid(), redacted(typed), f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}")

    def __str__(self) -> str:
        return f"process {self.pid} since {self.since}: {self.command}"


@contextmanager
def machine_lock(typed: str, *, wait: bool) -> Iterator[None]:
    """Have the machine for itself while it is entered; others are told the command. Raises
    MachineTaken unless it is to wait.
    """
    path = Path(os.environ.get(VARIABLE) or USUAL)
    descriptor = opened(path)
    try:
        take(descriptor, path, wait=wait)
        write(descriptor, Holder.this(typed))
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def opened(path: Path) -> int:
    """The file, made where it is missing, for whoever comes next to write to. Raises BenchError.

    It is first opened without making it: in a folder that everybody may write to, the kernel lets
    nobody make anew what is another's (fs.protected_regular).
    """
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        try:
            return os.open(path, flags)
        except FileNotFoundError:
            descriptor = os.open(path, flags | os.O_CREAT, 0o666)
            os.fchmod(descriptor, 0o666)  # whatever the umask says
            return descriptor
    except OSError as error:
        raise BenchError(
            f"the lock of this machine cannot be opened: {error}; remove the file, or set "
            f"{VARIABLE} to another file in every session"
        ) from None


def take(descriptor: int, path: Path, *, wait: bool) -> None:
    """Take the lock, or wait for it and say for whom."""
    said = ""
    while not is_free(descriptor):
        found = holder(descriptor)
        if not wait:
            raise MachineTaken(
                f"another bench measures on this machine ({found}); two at once would measure each "
                f"other. Add --wait to wait for it, or end it. The lock is {path}."
            )
        if found != said:
            console.print(f"[yellow]waiting for another bench on this machine:[/] {found}")
            said = found
        time.sleep(POLL_S)


def is_free(descriptor: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holder(descriptor: int) -> str:
    """Who has the lock, in words."""
    try:
        return str(Holder(**json.loads(os.pread(descriptor, 65536, 0))))
    except (ValueError, TypeError):  # it has the lock and has not written yet
        return "one that is just starting"


def write(descriptor: int, found: Holder) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(found._asdict()).encode(), 0)
