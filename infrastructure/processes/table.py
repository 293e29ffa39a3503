"""The table of all processes, read at once: proc(5)."""

import os
from collections.abc import Iterable
from contextlib import suppress

GONE = (FileNotFoundError, ProcessLookupError)  # it ended meanwhile
PARENT = 1  # of the fields of ``status``


def status(pid: int) -> list[bytes]:
    """``/proc/PID/stat`` behind the program's name, from the state on. Raises one of GONE."""
    with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:  # noqa: PTH123  half the time
        return file.read().rpartition(b")")[2].split()  # a name may hold anything


def by_leader(leaders: Iterable[int]) -> dict[int, list[int]]:
    """Of each leader: the members of its session, and its children that have sessions of their own.

    Where a process belongs is asked of the kernel (0.3 µs); its status, which takes 10 µs to read,
    only of those that lead another session: a machine has hundreds of processes, and this looks at
    all of them twice a second beside what is measured.
    """
    found: dict[int, list[int]] = {leader: [] for leader in leaders}
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):  # noqa: PTH208  names
        with suppress(*GONE):
            place = os.getsid(pid)
            if place == pid and place not in found:
                place = int(status(pid)[PARENT])
            if place in found:
                found[place].append(pid)
    return found


def family(leader: int) -> set[int]:
    """Those of one leader."""
    return set(by_leader([leader])[leader])


def families(leaders: Iterable[int]) -> set[int]:
    """Those of all of them, by one look."""
    return {pid for own in by_leader(leaders).values() for pid in own}
