"""What a pause may not do to an arm: cost it a connection, or make it say that it was cut off."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from infrastructure.counted import counted
from infrastructure.processes.child import Child
from infrastructure.processes.table import families

ESTABLISHED = "01"  # proc(5), /proc/net/tcp
CUT_OFF = re.compile(
    rb"(?i)reconnect|connection (?:was |is )?(?:lost|closed|reset|dropped)|time[sd]? ?out|"
    rb"missed heartbeat|ack timeout"
)


class Held:
    """The connections and logs of an arm's clients, as they are when this is made."""

    def __init__(self, clients: Sequence[Child]) -> None:
        self._clients = clients
        self._connections = connections(clients)
        self._read = {child.log: size_of(child.log) for child in clients}

    def harmed(self) -> list[str]:
        """What has gone wrong since then, in words; empty where nothing has."""
        found = []
        if lost := len(self._connections - connections(self._clients)):
            found.append(f"{counted(lost, 'connection')} closed while the arms took turns")
        for log, begin in self._read.items():
            if said := first_complaint(log, begin):
                found.append(f"while the arms took turns, {log.name} says: {said}")
        return found


def connections(clients: Sequence[Child]) -> set[str]:
    """Established TCP connections of their process sessions, by inode."""
    pids = families(child.pid for child in clients)
    return {inode for pid in pids for inode in sockets(pid)} & established()


def sockets(pid: int) -> Iterator[str]:
    """Inodes of a process's sockets; none once it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                target = str(descriptor.readlink())
                if target.startswith("socket:["):
                    yield target.removeprefix("socket:[").removesuffix("]")


def established() -> set[str]:
    tables = [path for path in map(Path, ("/proc/net/tcp", "/proc/net/tcp6")) if path.exists()]
    lines = [line.split() for table in tables for line in table.read_text().splitlines()]
    return {fields[9] for fields in lines if fields[3] == ESTABLISHED}


def size_of(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def first_complaint(log: Path, begin: int) -> str:
    """The first line from there on that tells of a connection cut off; empty without one."""
    if size_of(log) <= begin:
        return ""
    with log.open("rb") as file:
        file.seek(begin)
        told = next((line for line in file if CUT_OFF.search(line)), b"")
    return told.decode(errors="replace").strip()
