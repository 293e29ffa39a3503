"""A trial's folder: where its records, logs and sockets live while it runs.

Folders stand in ``DATABASE.spool/``. Each is owned by a live harness through a file lock, which
the kernel releases however that harness ends; and lists the process sessions started for it. A
folder without an owner is a leftover: its processes are ended and its trial is stored as failed.
"""

import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psutil

from infrastructure.hosts.host import ALL_HERE
from infrastructure.processes.born import Born, born
from infrastructure.processes.cgroup import Group, forsaken_group
from infrastructure.processes.role import Role

OWNER = "owner"
SESSIONS = "sessions"
TRIAL = "trial.json"
CHECKPOINTS = "checkpoints.jsonl"
JUST_S = 5  # how long a folder may have no owner yet
# How a server is asked to end, and how long it is given. PostgreSQL waits for its clients at the
# first signal and cuts them off at the second.
ASKED = ((signal.SIGTERM, 10.0), (signal.SIGINT, 5.0))


def spool_of(database: Path) -> Path:
    return database.with_name(database.name + ".spool")


class TrialFolder:
    """One trial's folder, owned by this process until :meth:`remove` or :meth:`release`."""

    def __init__(self, path: Path, owner: IO[str], *, stays: bool = False) -> None:
        self.path = path
        self.stays = stays  # what is started in it outlives this process
        self.places = ALL_HERE  # where what is started in it runs
        self._owner = owner
        self.records = path / "records"

    @classmethod
    def create(
        cls, spool: Path, trial_id: str, row: dict[str, Any], *, stays: bool = False
    ) -> "TrialFolder":
        """Make the folder and store ``row`` as what to say if this process dies before the end."""
        path = spool / trial_id
        path.mkdir(mode=0o700, parents=True)  # the broker's address in it may hold a password
        (path / "records").mkdir()
        folder = cls(path, own(path), stays=stays)
        folder.write_row(row)
        return folder

    def write_row(self, row: dict[str, Any]) -> None:
        partial = self.path / (TRIAL + ".partial")
        partial.write_text(json.dumps(row))
        partial.rename(self.path / TRIAL)

    def checkpoint(self, row: dict[str, Any]) -> None:
        """Keep a row of a trial that is still running: it is stored however the trial ends."""
        with (self.path / CHECKPOINTS).open("a") as file:
            file.write(json.dumps(row) + "\n")

    def note_session(self, pid: int, role: Role) -> None:
        """Remember a process session (its leader's pid and when that began) for the clean-up."""
        with (self.path / SESSIONS).open("a") as sessions:
            sessions.write(f"{pid} {born(pid) or Born.now()} {role}\n")

    def remove(self) -> None:
        shutil.rmtree(self.path)
        self._owner.close()

    def release(self) -> None:
        """Give the folder up without removing it: the next start stores and removes it."""
        self._owner.close()


def session_members(session: int, since: Born | None = None) -> list[psutil.Process]:
    """Live processes of a session that began at ``since`` or later (a pid can be used again)."""
    if since and not since.this_boot:
        return []
    members = []
    for pid in psutil.pids():
        try:
            if os.getsid(pid) != session:
                continue
            began, process = born(pid), psutil.Process(pid)
            if began and is_live(process) and (since is None or began.ticks >= since.ticks):
                members.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return members


def kill_session(session: int, since: Born | None = None) -> int:
    """SIGKILL every member of a session until none is left; returns how many there were."""
    killed: set[int] = set()
    for _ in range(50):
        members = session_members(session, since)
        if not members:
            break
        for process in members:
            killed.add(process.pid)
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.02)
    return len(killed)


def own(path: Path) -> IO[str]:
    """Mark a folder as this process's, for as long as the file that is returned is open."""
    owner = (path / OWNER).open("w")
    fcntl.flock(owner, fcntl.LOCK_EX)
    return owner


def is_owned(path: Path) -> bool:
    """True while the harness that made the folder lives."""
    try:
        with (path / OWNER).open() as owner:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:  # made this instant, or removed this instant
        return abs(time.time() - path.stat().st_mtime) < JUST_S if path.exists() else False
    return False


def leftovers(spool: Path) -> Iterator[Path]:
    """Folders whose owner is gone."""
    if spool.is_dir():
        yield from (p for p in sorted(spool.iterdir()) if p.is_dir() and not is_owned(p))


def end_processes(folder: Path) -> int:
    """End what a leftover folder's sessions still run; returns how many processes that were.

    Servers come last and are asked first: what PostgreSQL holds in shared memory outlives SIGKILL.
    """
    sessions = folder / SESSIONS
    if not sessions.exists():
        return 0
    noted = [line.split() for line in sessions.read_text().splitlines()]
    ended, groups = 0, []
    for pid, since, role in sorted(noted, key=lambda session: session[2] == Role.BROKER):
        members = session_members(int(pid), Born.read(since))
        groups += wake(members)
        if role == Role.BROKER:
            ask_to_end([p.pid for p in members if p.pid == int(pid)])
        kill_session(int(pid), Born.read(since))
        ended += len(members)
    for group in groups:
        group.end()
    return ended


def wake(members: Sequence[psutil.Process]) -> list[Group]:
    """Let go on what stands still in its turns' pause, and would not hear that it is to end; the
    groups of ours that it stood in.
    """
    for process in members:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGCONT)
    groups = [group for group in (forsaken_group(p.pid) for p in members) if group]
    for group in groups:
        group.thaw()
    return groups


def ask_to_end(leaders: Sequence[int]) -> None:
    """Ask servers to end, and wait for it as long as ASKED says."""
    processes = []
    for pid in leaders:
        with suppress(psutil.NoSuchProcess):
            processes.append(psutil.Process(pid))
    for number, grace_s in ASKED:
        deadline = time.monotonic() + grace_s
        processes = [process for process in processes if is_live(process)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        while any(map(is_live, processes)) and time.monotonic() < deadline:
            time.sleep(0.02)


def is_live(process: psutil.Process) -> bool:
    """A zombie, which whoever inherited it has not collected yet, is not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
