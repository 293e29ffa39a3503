"""A control group of version 2 that holds processes still: the kernel stops all of it at once.

One can be had where this process may make a folder in its own group: as root, in a delegated
session of systemd. https://docs.kernel.org/admin-guide/cgroup-v2.html, ``cgroup.freeze``.
"""

import itertools
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from infrastructure.processes.table import family

NAME = "taskqueue-bench"
CHANGED_S = 1.0  # it takes well below a millisecond, unless a process waits for a disk
NUMBERS = itertools.count()


class Group:
    """Processes that stand still together. What they start later belongs to it too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, members: Callable[[], set[int]]) -> None:
        """Take them in, and what they started meanwhile."""
        taken: set[int] = set()
        while fresh := members() - taken:
            move(fresh, self.folder)
            taken |= fresh

    def take_in(self, leader: int) -> None:
        """One session more; it stands still at once where the group does."""
        self.take(lambda: family(leader))

    def freeze(self) -> None:
        (self.folder / "cgroup.freeze").write_text("1")
        self._wait("frozen 1")

    def thaw(self) -> None:
        (self.folder / "cgroup.freeze").write_text("0")

    def give_up(self) -> None:
        """Let its processes go on where they came from, and remove it."""
        self.thaw()
        move(map(int, (self.folder / "cgroup.procs").read_text().split()), self.folder.parent)
        self.folder.rmdir()

    def end(self) -> None:
        """Kill what is left in it, and remove it; one that is gone already is as it should be."""
        with suppress(FileNotFoundError):
            (self.folder / "cgroup.kill").write_text("1")
            self._wait("populated 0")
            self.folder.rmdir()

    def _wait(self, state: str) -> None:
        deadline = time.monotonic() + CHANGED_S
        while state not in (self.folder / "cgroup.events").read_text():
            if time.monotonic() > deadline:
                return
            time.sleep(0.0002)


def move(pids: Iterable[int], folder: Path) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            (folder / "cgroup.procs").write_text(str(pid))


def new_group() -> Group | None:
    """None where none can be had."""
    own = group_of(os.getpid())
    if own is None:
        return None
    folder = own / f"{NAME}-{os.getpid()}-{next(NUMBERS)}"
    try:
        folder.mkdir()
    except OSError:  # a read-only mount, or no right to it
        return None
    return Group(folder)


def group_of(pid: int) -> Path | None:
    """The folder of a process's group; None without version 2, or without the process."""
    root = mounted()
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return None
    paths = [line.removeprefix("0::") for line in lines if line.startswith("0::")]
    return root / paths[0].lstrip("/") if root and paths else None


def mounted() -> Path | None:
    """Where the hierarchy of version 2 is mounted."""
    mounts = Path("/proc/mounts").read_text().splitlines()
    return next((Path(m.split()[1]) for m in mounts if m.split()[2] == "cgroup2"), None)


def forsaken_group(pid: int) -> Group | None:
    """The group of ours that a process stands in, whoever made it."""
    folder = group_of(pid)
    return Group(folder) if folder is not None and folder.name.startswith(NAME) else None
