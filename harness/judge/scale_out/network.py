"""More workers than there are machines for: a queueing network, simulated.

It is closed: a backlog that never ends keeps every slot of every worker busy. A slot computes on
the core of its worker, waits for what the framework waits for, and then for the broker, so many
times one round trip and a turn at the broker's CPU. Queues are first come, first served. On one
machine, whoever has its turn also waits for one of the machine's cores, and the proxy that plays
the network has turns too. The calendar of events is a heap (Law, Simulation Modeling and Analysis,
chapter 1).
"""

import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from harness.judge.student import t_quantile

TASKS, WARM, BATCHES = 20_000, 0.2, 10


@dataclass(frozen=True)
class Costs:
    """Of a task: CPU seconds in the worker's process and at the broker; ``trips``: round trips to
    the broker that its slot waits for; ``rest_s``: what else its slot waits for, seconds.
    ``network_s``: CPU seconds of the proxy that plays a network; a real one takes none.
    """

    worker_s: float
    broker_s: float
    trips: float
    rest_s: float
    network_s: float = 0.0

    def alone_s(self, rtt_s: float) -> float:
        """A task's time where nobody else is in its way."""
        cpu_s = self.worker_s + self.broker_s + self.network_s
        return cpu_s + self.rest_s + self.trips * rtt_s


@dataclass(frozen=True)
class Site:
    """``slots``: tasks at a time of each worker process. ``broker_cores``: that serve one queue.
    ``cores``: of one machine that all processes share; None where each worker has a core, and the
    broker its own.
    """

    workers: int
    slots: int
    rtt_s: float
    broker_cores: int = 1
    cores: int | None = None


@dataclass(frozen=True)
class Simulated:
    """Tasks/s, with the half width of the 95 % interval of batch means; shares of the time that
    the broker's cores and the workers' are busy.
    """

    workers: int
    rate: float
    half: float
    broker_busy: float
    worker_busy: float


class Station:
    """Servers before one queue, of slots by number."""

    def __init__(self, servers: int) -> None:
        self.free = servers
        self.waiting: deque[int] = deque()

    def enter(self, slot: int) -> bool:
        """Whether it is served at once; else it waits."""
        if not self.free:
            self.waiting.append(slot)
            return False
        self.free -= 1
        return True

    def leave(self) -> int | None:
        """Who is served next, if anybody waits."""
        if self.waiting:
            return self.waiting.popleft()
        self.free += 1
        return None


class Leg(NamedTuple):
    """Of a task's way: it waits for ``wait_s``, and then takes a turn of so many seconds, on
    average.
    """

    wait_s: float
    station: Station
    mean_s: float


@dataclass
class Slot:
    """``leg``: where it is on the ``way`` of its task. ``since``: when it came there."""

    core: Station
    leg: Leg
    way: Iterator[Leg] = field(default_factory=lambda: iter(()))
    since: float = 0.0


class Network:
    """In operation. ``ends``: when each task ended, seconds, in order. ``queued_s``: what turns at
    the broker waited before they began, in all, and ``turns``: how many there were.
    """

    def __init__(self, costs: Costs, site: Site, chance: random.Random) -> None:
        self._costs, self._site, self._chance = costs, site, chance
        self._broker, self._proxy = Station(site.broker_cores), Station(1)
        self._machine = Station(site.cores) if site.cores else None
        cores = [Station(1) for _ in range(site.workers)]
        self._slots = [Slot(core, Leg(0.0, core, 0.0)) for _ in range(site.slots) for core in cores]
        self._numbers = itertools.count()
        self._calendar: list[tuple[float, int, bool, int]] = []
        self.ends: list[float] = []
        self.queued_s, self.turns = 0.0, 0
        cycle_s = costs.alone_s(site.rtt_s)
        for number in range(len(self._slots)):
            self._begin_task(chance.random() * cycle_s, number)

    def _way(self, core: Station) -> Iterator[Leg]:
        """Of one task. A broker is asked once where nobody waits for it."""
        costs = self._costs
        yield Leg(0.0, core, costs.worker_s)
        trips, of_each = whole(costs.trips, self._chance), max(1.0, costs.trips)
        rtt_s = self._site.rtt_s if trips else 0.0
        wait_s = costs.rest_s + rtt_s
        for _ in range(max(1, trips)):
            if costs.network_s:
                yield Leg(wait_s, self._proxy, costs.network_s / of_each)
                wait_s = 0.0
            yield Leg(wait_s, self._broker, costs.broker_s / of_each)
            wait_s = rtt_s

    def _plan(self, at: float, number: int, *, comes: bool) -> None:
        heapq.heappush(self._calendar, (at, next(self._numbers), comes, number))

    def run(self, tasks: int) -> None:
        """Until so many have ended."""
        while len(self.ends) < tasks:
            now, _, comes, number = heapq.heappop(self._calendar)
            if comes:
                self._come(now, number)
            else:
                self._leave(now, number)

    def _begin_task(self, now: float, number: int) -> None:
        slot = self._slots[number]
        slot.way = self._way(slot.core)
        self._go_on(now, number)

    def _go_on(self, now: float, number: int) -> None:
        """To the next leg; after the last one the next task begins."""
        slot = self._slots[number]
        leg = next(slot.way, None)
        if leg is None:
            self.ends.append(now)
            self._begin_task(now, number)
            return
        slot.leg = leg
        self._plan(now + leg.wait_s, number, comes=True)

    def _come(self, now: float, number: int) -> None:
        slot = self._slots[number]
        slot.since = now
        if slot.leg.station.enter(number):
            self._begin(now, number)

    def _begin(self, now: float, number: int) -> None:
        """It has its turn, and on one machine still needs a core."""
        if self._machine is None or self._machine.enter(number):
            self._serve(now, number)

    def _serve(self, now: float, number: int) -> None:
        slot = self._slots[number]
        if slot.leg.station is self._broker:
            self.queued_s += now - slot.since
            self.turns += 1
        mean_s = slot.leg.mean_s
        took = self._chance.expovariate(1 / mean_s) if mean_s > 0 else 0.0
        self._plan(now + took, number, comes=False)

    def _leave(self, now: float, number: int) -> None:
        """Let the next ones have its core and its turn, and send it on."""
        if self._machine is not None and (following := self._machine.leave()) is not None:
            self._serve(now, following)
        if (following := self._slots[number].leg.station.leave()) is not None:
            self._begin(now, following)
        self._go_on(now, number)


def simulate(costs: Costs, site: Site, tasks: int = TASKS, seed: int = 7) -> Simulated:
    """So many tasks, of which the first fifth warms up; CPU times are exponential."""
    network = Network(costs, site, random.Random(seed))  # noqa: S311  a simulation
    network.run(tasks)
    ends = np.array(network.ends[int(WARM * tasks) :])
    edges = ends[np.linspace(0, len(ends) - 1, BATCHES + 1).astype(int)]
    rates = (len(ends) - 1) / BATCHES / np.diff(edges)
    rate = (len(ends) - 1) / float(ends[-1] - ends[0])
    return Simulated(
        site.workers,
        rate,
        t_quantile(BATCHES) * float(np.std(rates, ddof=1)) / math.sqrt(BATCHES),
        min(1.0, rate * costs.broker_s / site.broker_cores),
        min(1.0, rate * costs.worker_s / site.workers),
    )


def whole(mean: float, chance: random.Random) -> int:
    """A whole number of this mean."""
    below = int(mean)
    return below + (chance.random() < mean - below)
