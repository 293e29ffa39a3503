"""What an arm did in a scenario since the session began, and a running trial added to it."""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from harness.measure.growing import Growing
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array, number_of, phase_of
from harness.measure.sampler import Sampler, Usage
from infrastructure.processes.role import Role
from infrastructure.service import Depth
from tasks.records import PHASES, RUN_SUFFIX, SEND_SUFFIX

BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)
FRESH_S = 3.0  # an older sample is of processes that may be gone
ROLES = (Role.PRODUCER, Role.WORKERS, Role.BROKER)  # of every trial; a scenario may have others
LOAD = PHASES.index("load")
# In the place of an intended time (ns): there is no send of that number yet, or its task is over.
UNSENT, OVER = np.iinfo(np.int64).min, np.iinfo(np.int64).min + 1


@dataclass
class Totals:
    """What an arm did in a scenario since the session began. Only grows.

    ``cpu_s``: CPU seconds by role, zeros before the first sample: Prometheus counts what a series
    rises by and not what it begins with, which would be what the start took. ``sojourns``: load
    tasks by the first of BUCKETS_S that holds them, the last one for longer ones. ``sojourn_s``:
    their sum.
    """

    tasks: Counter[str] = field(default_factory=Counter)
    trials: Counter[str] = field(default_factory=Counter)
    cpu_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ROLES, 0.0))
    sojourns: Array = field(default_factory=lambda: np.zeros(len(BUCKETS_S) + 1, dtype=np.int64))
    sojourn_s: float = 0.0


class Sojourns:
    """Load tasks of a running trial: the time from intended to done of those that are newly done.

    Eight bytes a task are kept, whatever the backlog: a look costs what came since the last one.
    """

    def __init__(self) -> None:
        self._intended = np.full(1024, UNSENT)
        self._unmatched = np.empty(0, dtype=RUN_TYPE)  # done before their sends were on record

    def add(self, sends: Array, runs: Array) -> Array:
        """Sojourn times (ns) of tasks with a send and a first success by now, each given once."""
        sends = sends[phase_of(sends["seq"]) == LOAD]
        numbers = number_of(sends["seq"])
        self._make_room(numbers)
        self._intended[numbers] = sends["intended"]
        good = runs[(phase_of(runs["seq"]) == LOAD) & (runs["outcome"] == 0)]
        ended = np.concatenate([self._unmatched, good])
        ended = ended[np.argsort(ended["end"], kind="stable")]
        numbers, first = np.unique(number_of(ended["seq"]), return_index=True)
        ended = ended[first]
        self._make_room(numbers)
        intended = self._intended[numbers]
        self._unmatched = ended[intended == UNSENT]
        done = intended > OVER
        self._intended[numbers[done]] = OVER
        found: Array = ended["end"][done] - intended[done]
        return found

    def _make_room(self, numbers: Array) -> None:
        if len(numbers) and (top := int(numbers.max())) >= len(self._intended):
            grown = np.full(2 * (top + 1), UNSENT)
            grown[: len(self._intended)] = self._intended
            self._intended = grown


class Following:
    """A trial with processes. ``look`` adds to the totals what came since the look before."""

    def __init__(self, totals: Totals, records: Path, sampler: Sampler) -> None:
        self._totals = totals
        self._sampler = sampler
        self._sends = Growing(records, SEND_SUFFIX, SEND_TYPE)
        self._runs = Growing(records, RUN_SUFFIX, RUN_TYPE)
        self._sojourns = Sojourns()
        self._usages = 0  # looked at so far
        self._latest: dict[str, Usage] = {}

    def look(self) -> None:
        runs, sends = self._runs.read(), self._sends.read()
        totals = self._totals
        totals.tasks["sent"] += int(np.count_nonzero(sends["outcome"] == 0))
        totals.tasks["completed"] += int(np.count_nonzero(runs["outcome"] == 0))
        totals.tasks["failed"] += int(np.count_nonzero(runs["outcome"]))
        seconds = self._sojourns.add(sends, runs) / 1e9
        places = np.searchsorted(BUCKETS_S, seconds)
        totals.sojourns += np.bincount(places, minlength=len(BUCKETS_S) + 1)
        totals.sojourn_s += float(seconds.sum())
        self._look_at_usages()

    def _look_at_usages(self) -> None:
        """A role's CPU falls when a killed process takes its own along: that adds nothing."""
        fresh = self._sampler.usages[self._usages :]
        self._usages += len(fresh)
        for usage in fresh:
            before = self._latest.get(usage.role)
            more = max(0.0, usage.cpu_s - (before.cpu_s if before else 0.0))
            self._totals.cpu_s[usage.role] = self._totals.cpu_s.get(usage.role, 0.0) + more
            self._latest[usage.role] = usage

    def usages(self) -> list[Usage]:
        """The latest of each role, unless it is too old to speak of now."""
        return [usage for usage in self._latest.values() if is_fresh(usage.at_ns)]

    def depth(self) -> Depth | None:
        """The latest look at the broker, unless it is too old."""
        at_ns, depth = self._sampler.depths[-1] if self._sampler.depths else (0, None)
        return depth if depth and is_fresh(at_ns) else None


def is_fresh(at_ns: int) -> bool:
    return time.monotonic_ns() - at_ns < FRESH_S * 1e9
