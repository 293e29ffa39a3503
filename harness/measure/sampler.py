"""What a trial's process trees use: CPU seconds, PSS and queue depth, sampled from the host.

A role (``producer``, ``workers``, ``broker``) is one or more process sessions, so forked children
belong to it whoever their parent is; and the children of a session's leader, since servers such as
PostgreSQL give each of theirs a session of its own. CPU is that of every live member plus what each
has collected from children that exited.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

import psutil

from infrastructure.processes.folder import session_members
from infrastructure.processes.table import GONE, by_leader, status
from infrastructure.service import Depth

PERIOD_S = 0.5  # METHOD 4: PSS at 2 Hz
DEPTH_PERIOD_S = 0.2
# Of the time that looks at the depth may take: counting a million rows takes a tenth of a second of
# the broker's, and would be part of what is measured.
DEPTH_SHARE = 0.02
TICKS_A_S = os.sysconf("SC_CLK_TCK")
# Of the fields behind a process's state: utime and cutime, each before its system time.
OWN, CHILDREN = 10, 12


@dataclass(frozen=True)
class Usage:
    """A role at one instant. ``cpu_s``: CPU seconds since its processes began. Bytes are sums
    over processes; ``pss`` counts a page shared by n processes as 1/n in each.
    """

    at_ns: int
    role: str
    processes: int
    cpu_s: float
    pss_bytes: int | None
    rss_bytes: int | None


class Seen(NamedTuple):
    """A process at one instant. ``zombie``: it has ended, and its parent has not asked how."""

    pid: int
    cpu_s: float
    zombie: bool


def seen(pid: int) -> Seen:
    """CPU seconds of a process so far, its exited threads and collected children included. Raises
    what ``status`` does where it has ended.

    Its own come from its CPU clock in ns: /proc counts in ticks of 10 ms, and one tick in a short
    idle look would be a quarter of a second of baseline over a long load. The clock id of another
    process is (~pid << 3) | 2 on Linux (CPUCLOCK_SCHED of clock_getcpuclockid(3)).
    """
    state, *fields = status(pid)
    own, children = (sum(map(int, fields[at : at + 2])) / TICKS_A_S for at in (OWN, CHILDREN))
    with suppress(OSError):  # a zombie has no clock any more, other systems have other ids
        own = time.clock_gettime((~pid << 3) | 2)
    return Seen(pid, own + children, state == b"Z")


def look(
    roles: Mapping[str, Sequence[int]], *, memory: bool, taken: dict[int, float] | None = None
) -> dict[str, Usage]:
    """Every role now; ``memory``: read PSS too (1 ms a process). ``taken``: CPU seconds of each
    session as they were seen last, kept up to date: what a killed one took stays its role's.
    """
    taken = {} if taken is None else taken
    found = by_leader(session for sessions in roles.values() for session in sessions)
    result = {}
    for role, sessions in roles.items():
        own: list[Seen] = []
        for session in sessions:
            members = list(still_there(found[session]))
            taken[session] = max(sum(m.cpu_s for m in members), taken.get(session, 0.0))
            own += members
        cpu_s = sum(taken[session] for session in sessions)
        result[role] = usage(role, own, cpu_s, memory=memory)
    return result


def still_there(pids: Iterable[int]) -> Iterator[Seen]:
    for pid in pids:
        with suppress(*GONE):
            yield seen(pid)


def usage(role: str, own: Sequence[Seen], cpu_s: float, *, memory: bool) -> Usage:
    """Of a role's processes; the memory of one that has ended is nobody's."""
    pss, rss = 0, 0
    for process in own if memory else ():
        with suppress(psutil.NoSuchProcess):
            if not process.zombie:
                full = psutil.Process(process.pid).memory_full_info()
                pss += full.pss
                rss += full.rss
    sizes = (pss, rss) if memory else (None, None)
    return Usage(time.monotonic_ns(), role, len(own), cpu_s, *sizes)


def together(
    here: Mapping[str, Usage], elsewhere: Sequence[Mapping[str, Usage]]
) -> dict[str, Usage]:
    """What roles use on all machines, at the time here."""
    found, at_ns = dict(here), time.monotonic_ns()
    for usages in elsewhere:
        for role, usage in usages.items():
            found[role] = summed(found[role], usage) if role in found else usage
    return {role: replace(usage, at_ns=at_ns) for role, usage in found.items()}


def summed(one: Usage, other: Usage) -> Usage:
    def both(a: int | None, b: int | None) -> int | None:
        return None if a is None or b is None else a + b

    return replace(
        one,
        processes=one.processes + other.processes,
        cpu_s=one.cpu_s + other.cpu_s,
        pss_bytes=both(one.pss_bytes, other.pss_bytes),
        rss_bytes=both(one.rss_bytes, other.rss_bytes),
    )


class Sampler:
    """Samples roles and depth in a thread of its own until stopped. ``elsewhere``: what roles use
    on other machines, with memory or without.

    ``error`` keeps what ended the sampling early; the trial then says so.
    """

    def __init__(self, depth: Callable[[], Depth]) -> None:
        self._depth = depth
        self._roles: dict[str, list[int]] = {}
        self._taken: dict[int, float] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.usages: list[Usage] = []
        self.depths: list[tuple[int, Depth]] = []
        self.error: str | None = None
        self.elsewhere: Callable[[bool], Sequence[Mapping[str, Usage]]] | None = None
        self.tolerant = False  # of a broker that does not answer: its samples are left out

    def watch(self, role: str, session: int) -> None:
        """Numbers of processes are given again: what an earlier one took stays beside it."""
        own = self._roles.setdefault(role, [])
        if session in own:
            past = -len(own)  # nobody's number
            self._taken[past] = self._taken.pop(session, 0.0)
            own[own.index(session)] = past
        own.append(session)

    def start(self) -> None:
        """Begin, or go on after a stop."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def look(self, *, memory: bool = False) -> Mapping[str, Usage]:
        """Every role now, outside the sampling rhythm; those that have ended keep their CPU."""
        # All at once: another thread may watch a new role meanwhile.
        roles = {role: list(sessions) for role, sessions in list(self._roles.items())}
        here = look(roles, memory=memory, taken=self._taken)
        return together(here, self.elsewhere(memory)) if self.elsewhere else here

    def descriptors(self, role: str) -> int:
        """Open file descriptors of a role's processes now; one that ends meanwhile has none."""
        found = 0
        for session in self._roles.get(role, []):
            for process in session_members(session):
                with suppress(psutil.NoSuchProcess):
                    found += process.num_fds()
        return found

    def _run(self) -> None:
        next_usage = next_depth = 0.0
        while not self._stop.wait(DEPTH_PERIOD_S):
            try:
                if (now := time.monotonic()) >= next_depth:
                    self.depths.append((time.monotonic_ns(), self._depth()))
                    next_depth = now + (time.monotonic() - now) / DEPTH_SHARE
                if time.monotonic() >= next_usage:
                    next_usage = time.monotonic() + PERIOD_S
                    self.usages += self.look(memory=True).values()
            except Exception as error:  # noqa: BLE001  whatever a dying broker raises
                if self.tolerant:
                    continue
                self.error = f"sampling ended: {type(error).__name__}: {error}"
                return


def cpu_between(
    before: Mapping[str, Usage], after: Mapping[str, Usage], idle: Mapping[str, float]
) -> dict[str, float]:
    """CPU seconds by role between two looks, minus the role's idle rate (CPU s per s)."""
    result = {}
    for role, end in after.items():
        begin = before[role]
        seconds = (end.at_ns - begin.at_ns) / 1e9
        result[role] = max(0.0, end.cpu_s - begin.cpu_s - idle.get(role, 0.0) * seconds)
    return result


def idle_rates(before: Mapping[str, Usage], after: Mapping[str, Usage]) -> dict[str, float]:
    """CPU seconds per second of each role while nothing is to do."""
    return {
        role: (end.cpu_s - before[role].cpu_s) / ((end.at_ns - before[role].at_ns) / 1e9)
        for role, end in after.items()
    }


def memory_by_role(usages: Sequence[Usage], start_ns: int, end_ns: int) -> dict[str, list[int]]:
    """PSS samples (bytes) of each role inside a window."""
    result: dict[str, list[int]] = {}
    for sample in usages:
        if start_ns <= sample.at_ns <= end_ns and sample.pss_bytes is not None:
            result.setdefault(sample.role, []).append(sample.pss_bytes)
    return result
