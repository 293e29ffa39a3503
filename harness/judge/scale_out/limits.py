"""What saturates first as workers are added: the broker's CPU, its connections, or nothing.

The bound is that of Denning and Buzen (The Operational Analysis of Queueing Network Models, ACM
Computing Surveys 10, 1978): no more tasks per second than the broker's CPU serves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.judge.scale_out.network import TASKS, Costs, Simulated, Site, simulate
from infrastructure.counted import counted

SATURATED = 0.9  # busy share of the broker's CPU from which more workers add little
EACH = 20  # tasks of each slot, at least
LADDER = (1, 2, 5)  # times 1, 10, 100, …


@dataclass(frozen=True)
class Connections:
    """``limit``: that the broker takes; ``each``: that a worker process opens."""

    limit: int
    each: float

    @property
    def workers(self) -> int:
        """That can be connected."""
        return int(self.limit / self.each) if self.each > 0 else self.limit


@dataclass(frozen=True)
class Outlook:
    """``rows``: by number of workers. ``first``: what saturates first, in a sentence."""

    rows: Sequence[Simulated]
    first: str


def ladder(most: int) -> Iterator[int]:
    """1, 2, 5, 10, … and ``most``."""
    power = 1
    while power <= most:
        yield from (n * power for n in LADDER if n * power < most)
        power *= 10
    yield most


def broker_bound(costs: Costs, site: Site) -> float:
    """Tasks/s that its CPU serves."""
    return site.broker_cores / costs.broker_s


def outlook(costs: Costs, site: Site, most: int, connections: Connections | None) -> Outlook:
    """Up to so many workers; ``site``: of one."""
    rows = [
        simulate(costs, replace(site, workers=n), max(TASKS, EACH * n * site.slots))
        for n in ladder(most)
    ]
    return Outlook(rows, first_of(rows, costs, site, connections))


def first_of(
    rows: Sequence[Simulated], costs: Costs, site: Site, connections: Connections | None
) -> str:
    full = next((row for row in rows if row.broker_busy >= SATURATED), None)
    room = connections.workers if connections else None
    if room is not None and room < (full.workers if full else rows[-1].workers):
        return (
            f"Connections run out first: the broker takes {connections_words(connections)}, which "
            f"is {counted(room, 'worker')}."
        )
    if full:
        return (
            f"The broker's CPU saturates first: {counted(full.workers, 'worker')} keep it "
            f"{100 * full.broker_busy:.0f} % busy, and it serves at most "
            f"{broker_bound(costs, site):,.0f} tasks/s, however many there are."
        )
    share = costs.trips * site.rtt_s / costs.alone_s(site.rtt_s)
    last = rows[-1]
    return (
        f"Nothing saturates up to {counted(last.workers, 'worker')}: they keep the broker's CPU "
        f"{100 * last.broker_busy:.0f} % busy. Each waits for round trips in {100 * share:.0f} % "
        "of a task's time."
    )


def connections_words(connections: Connections | None) -> str:
    if connections is None:
        return ""
    return f"{connections.limit:,} at {connections.each:.3g} per worker"


def core_words(broker_cpu_us: float) -> str:
    """The bound without any simulation, from the broker's CPU per task."""
    return (
        f"A core of its broker serves at most {1e6 / broker_cpu_us:,.0f} tasks/s, however many "
        "workers there are; nox -s scale simulates them."
    )
