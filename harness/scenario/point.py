"""How much a trial is asked to do: the size of a load, and the points of a scenario."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from infrastructure.counted import counted

# An option: milliseconds of a round trip between the broker and everything else.
ROUND_TRIP = "round_trip_ms"
LEAST_BACKLOG = 100
USUAL_RATE = 500.0  # tasks/s of an arm that nobody has measured yet
ENQUEUED = 1500.0  # tasks/s that one producer sends, roughly
BEFORE = 300  # tasks of readiness, gates and the least of a warm-up


@dataclass(frozen=True)
class Size:
    """How much load: the full one decides, the quick one gives a first look."""

    name: str
    tasks: int  # of a backlog
    warmup_s: float
    load_s: float  # of an open loop
    idle_s: float  # of the idle baseline
    idle_gate_s: float
    scale: float = 1.0  # of loads that a scenario states itself
    late_s: float = 2.0  # after the drain, for duplicates that come late
    drain_s: float = 20.0  # that a backlog may take, by the arm's rate
    hold_s: float = 0.7  # that a depth is held at a time; 0: none is

    @property
    def around_s(self) -> float:
        """Roughly what a trial takes beside warm-up and load: starts, stops, idle baselines."""
        return 3.5 + self.idle_s + self.idle_gate_s + self.late_s

    def scaled(self, tasks: int, least: int = 1) -> int:
        """So many tasks at full size, in this size."""
        return max(least, round(tasks * self.scale))


FULL = Size(
    "full", 20_000, warmup_s=5, load_s=20, idle_s=2.0, idle_gate_s=2.0, drain_s=60, hold_s=2.0
)
QUICK = Size("quick", 4_000, warmup_s=0.5, load_s=2.5, idle_s=0.5, idle_gate_s=0.25, scale=0.1)


@dataclass(frozen=True)
class Point:
    """One of a scenario's loads or settings; a trial measures one.

    ``name`` tells it from the scenario's other points. ``fraction``: offered load as a share of
    ``capacity`` (tasks/s), None for a backlog. ``wants``: what it takes of the workers beyond the
    profile, as ``tasks.spec.Spec.wants`` has it. ``options`` replace a scenario's defaults (tests
    of known answers use them). ``known_rate``: no-ops a second that the arm drains, as far as it is
    known; for how long a trial will take, and nothing else.
    """

    size: Size
    fraction: float | None = None
    capacity: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    wants: Mapping[str, Any] = field(default_factory=dict)
    number: int = 1  # its place among the scenario's points
    backlog: int | None = None  # tasks of one, where the size's are not what fits
    known_rate: float = USUAL_RATE

    @property
    def rate(self) -> float:
        """Offered load in tasks/s."""
        if self.fraction is None or self.capacity is None:
            raise ValueError("this point has no offered load: it is a backlog")
        return self.fraction * self.capacity

    def drained_s(self, tasks: int) -> float:
        """Roughly how long a backlog of no-ops takes, to be sent and to be drained."""
        return tasks / ENQUEUED + (tasks + BEFORE) / self.known_rate

    @property
    def label(self) -> str:
        return self.name or ("" if self.fraction is None else f"load {self.fraction:g}")

    def offered(self, capacity: float | None) -> "Point":
        """This point with the capacity that its fraction is of; a backlog is left as it is."""
        return self if self.fraction is None else replace(self, capacity=capacity)


def fitting(rate: float, size: Size) -> int:
    """Tasks of a backlog that fits an arm of this rate (tasks/s): the size's own, or of the numbers
    100, 200, 500, 1,000, … the largest that is drained within the time that the size gives.

    Round, so that a rate that scatters a little finds the same number.
    """
    most = rate * size.drain_s
    round_numbers = [n * 10**power for power in range(2, 6) for n in (1, 2, 5)]
    return min(size.tasks, max([n for n in round_numbers if n <= most], default=LEAST_BACKLOG))


def amount(number: int, noun: str, plural: str = "") -> str:
    """A point's name by how many it has: ``1 queue``, ``10 queues``."""
    return counted(number, noun, plural)


def numbered(points: Iterable[Point]) -> list[Point]:
    """Points with their places."""
    return [replace(point, number=number) for number, point in enumerate(points, 1)]
