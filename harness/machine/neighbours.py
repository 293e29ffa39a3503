"""What else takes this machine's cores just now, before a bench begins."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import psutil

from harness.machine import environment
from harness.machine.environment import IDLE_PSI, IDLE_WAIT_S, Surroundings
from harness.machine.reading import UNREADABLE

LOOK_S = 1.0
SHOWN, WORTH_SHOWING = 3, 0.05  # processes, and cores that one takes
FIELDS = ("foreign_cpu_percent", "steal_percent")


class Taken(NamedTuple):
    """What a process calls itself, and the CPU time that it has taken since it began."""

    name: str
    seconds: float


NEW = Taken("", 0.0)


class Neighbour(NamedTuple):
    """Another process, and how many cores it takes."""

    pid: int
    name: str
    cores: float

    def __str__(self) -> str:
        return f"{self.name} ({self.pid}, {100 * self.cores:.0f} % of a core)"


def busy() -> str:
    """What would disturb a trial now, in words, after a second's look; empty on a quiet machine."""
    before, seen, begin = cpu_seconds(), Surroundings(), time.process_time()
    time.sleep(LOOK_S)
    found = seen.since(time.process_time() - begin)
    return said(found, most_at_work(before, cpu_seconds(), LOOK_S))


def said(found: dict[str, str], neighbours: Iterable[Neighbour]) -> str:
    """Counters of a second and the processes behind them, in words; empty where none disturbs."""
    reasons = environment.flags({name: found[name] for name in FIELDS})
    psi = found["psi_percent"]
    if psi != UNREADABLE and float(psi) >= IDLE_PSI:
        reasons.append(f"CPU pressure {psi} % exceeds {IDLE_PSI:g}")
    if not reasons:
        return ""
    names = (
        ", ".join(map(str, neighbours)) or "no process of this machine that is visible from here"
    )
    return (
        f"{'; '.join(reasons)}; running: {names}. A trial of bench, or of a comparison whose arms "
        f"do not take turns, waits up to {IDLE_WAIT_S:g} s for an idle machine, and is run again "
        "where it is disturbed; arms in turns are disturbed alike. End what is running, or measure "
        "later; nox -s doctor shows more"
    )


def cpu_seconds() -> dict[int, Taken]:
    """Of every process but this one, by id: its name may change, as that of a kernel's worker."""
    taken = {}
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            times = process.cpu_times()
            taken[process.pid] = Taken(process.name(), float(times.user + times.system))
    taken.pop(os.getpid(), None)
    return taken


def most_at_work(
    before: dict[int, Taken], after: dict[int, Taken], seconds: float
) -> list[Neighbour]:
    """Those that took most between two looks."""
    grown = [
        Neighbour(pid, now.name, (now.seconds - before.get(pid, NEW).seconds) / seconds)
        for pid, now in after.items()
    ]
    worth = [each for each in grown if each.cores >= WORTH_SHOWING]
    return sorted(worth, key=lambda each: -each.cores)[:SHOWN]
