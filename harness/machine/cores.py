"""The cores that this process may use, and sets of them for arms that work at once."""

import os
from collections.abc import Sequence
from pathlib import Path

from harness.machine.cgroup import quota
from harness.machine.reading import UNREADABLE, read

SYSTEM = Path("/sys/devices/system/cpu")
OWN = 1  # core, for the harness

Cores = frozenset[int]  # by the numbers of their logical ones


def cores(system: Path = SYSTEM) -> list[Cores]:
    """Of the machine's cores those that this process may use, each by its logical ones (two where
    it runs two threads), in the order of their numbers.
    """
    allowed = os.sched_getaffinity(0)
    return sorted({frozenset(siblings(cpu, system) & allowed) for cpu in allowed}, key=min)


def siblings(cpu: int, system: Path = SYSTEM) -> set[int]:
    """The logical cores of its core; itself alone where the kernel does not say."""
    said = read(f"{system}/cpu{cpu}/topology/thread_siblings_list")
    return {cpu} if said == UNREADABLE else numbers(said)


def numbers(said: str) -> set[int]:
    """Of a list as the kernel writes it: ``0-3,8``."""
    spans = (part.partition("-") for part in said.split(","))
    return {n for first, _, last in spans for n in range(int(first), int(last or first) + 1)}


def quota_cores() -> float:
    """As many as this process's control groups let it use at a time."""
    most, _, period = quota().partition(" ")
    return float(most) / float(period) if most.isdecimal() else float("inf")


def disjoint(arms: int, each: int, found: Sequence[Cores], most: float) -> tuple[Cores, ...]:
    """A set of so many cores for every arm, neighbours together; none where there are too few, one
    for the harness included. ``most``: cores that may be used at a time.
    """
    if arms * each + OWN > min(len(found), most):
        return ()
    sets = (found[n * each : (n + 1) * each] for n in range(arms))
    return tuple(frozenset().union(*own) for own in sets)
