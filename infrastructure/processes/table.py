"""The table of all processes, read at once: proc(5), ``/proc/PID/stat``."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple


class Known(NamedTuple):
    """A process, its parent and its session, by number."""

    pid: int
    parent: int
    session: int


def processes() -> list[Known]:
    """Every process; one that ends meanwhile is left out."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208  names
        with suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:  # noqa: PTH123  half the time
                _, _, fields = file.read().rpartition(b")")  # a name may hold anything
            _, parent, _, session = fields.split(maxsplit=4)[:4]
            found.append(Known(int(pid), int(parent), int(session)))
    return found


def family(leader: int) -> set[int]:
    """Members of a session, and the children of its leader that have sessions of their own."""
    return members(processes(), leader)


def families(leaders: Iterable[int]) -> set[int]:
    """Of all of them, by one look."""
    every = processes()
    return {pid for leader in leaders for pid in members(every, leader)}


def members(every: Sequence[Known], leader: int) -> set[int]:
    return {process.pid for process in every if leader in process}
