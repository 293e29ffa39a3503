"""What trials of ``network_delay`` say of an arm's costs, and the rates that were measured."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from harness.judge import round_trips
from harness.judge.scale_out.network import Costs
from harness.judge.scale_out.points import SCENARIO, beside
from harness.store.database import open_database
from harness.store.queries import fetch, sql
from harness.store.rows import Row
from infrastructure.errors import UsageError

REAL_RTT, TASK, RATE = "network_round_trip_real", "time_per_task", "drain_rate"
CONNECTIONS = "network_connections"
CPU = tuple(f"{role}_cpu_per_task" for role in ("workers", "broker", "network"))


@dataclass(frozen=True)
class PointMedians:
    """A point of an arm: its workers, and the medians of its metrics."""

    processes: int
    concurrency: int
    values: Mapping[str, float]

    def cpu_s(self) -> list[float] | None:
        """Of a task: of its workers, its broker and the proxy that delays; None where it is not
        known.
        """
        if not {*CPU} <= {*self.values}:
            return None
        return [self.values[name] / 1e6 for name in CPU]


@dataclass(frozen=True)
class ArmMedians:
    """``points`` by name. ``cores``: of the machine that measured; None where that is not known."""

    label: str
    broker: str
    points: Mapping[str, PointMedians]
    cores: int | None = None


@dataclass(frozen=True)
class Known:
    """An arm's costs, the tasks at a time of each of its worker processes, and the connections
    that one opens; None where that was not seen. ``pooled``: its processes share the connections
    of one worker and wait for each other there, so a worker is what one process was.
    """

    arm: ArmMedians
    costs: Costs
    slots: int
    connections: float | None
    pooled: bool = False


def read_arms(database: Path, experiment: str | None) -> tuple[str, list[ArmMedians]]:
    """Of an experiment, the newest where none is named; its id. Raises UsageError without any."""
    with open_database(database, read_only=True) as connection:
        of_scenario = {"scenario": SCENARIO}
        newest = connection.execute(sql("scale_newest"), of_scenario).fetchone()
        found = experiment or (newest[0] if newest else "")
        rows = fetch(connection, sql("scale_costs"), {"experiment": found, **of_scenario})
    if not rows:
        raise UsageError(
            f"scale: no trials of {SCENARIO}{f' in {experiment}' if experiment else ''}: measure "
            f"some first: nox -s compare -- raw celery --scenario {SCENARIO}"
        )
    return found, list(arms_of(rows))


def arms_of(rows: Sequence[Row]) -> Iterator[ArmMedians]:
    """Of rows of ``scale_costs``, which are in the order of arms and points."""
    for _, own in groupby(rows, itemgetter("arm_number")):
        points = {}
        for name, metrics in groupby(own, itemgetter("point")):
            first, *rest = metrics
            values = {row["name"]: row["value"] for row in (first, *rest)}
            points[name] = PointMedians(first["processes"] or 1, first["concurrency"] or 1, values)
        cores = first["cores"]
        yield ArmMedians(label_of(first), first["broker"], points, int(cores) if cores else None)


def label_of(row: Row) -> str:
    """``celery 5.7.0 on redis``."""
    words = (row["framework"], row["framework_version"], row["variant"], f"on {row['broker']}")
    return " ".join(filter(None, words))


def known_of(arm: ArmMedians) -> Known | str:
    """What a simulation takes; a sentence where it was not measured."""
    slow = [p.values for p in arm.points.values() if {TASK, REAL_RTT} <= {*p.values}]
    line = round_trips.fit([v[REAL_RTT] for v in slow], [v[TASK] for v in slow])
    usual, one = arm.points.get(beside()), arm.points.get(beside(one_slot=True))
    if line is None or usual is None or one is None:
        return f"{arm.label}: its points of one slot, or {beside()!r}, are missing"
    pooled = is_pooled(one, usual)
    cpu_s, alone_s = (one if pooled else usual).cpu_s(), one.cpu_s()
    if cpu_s is None or alone_s is None:
        return f"{arm.label}: the CPU of its broker, its workers or the network was not seen"
    worker_s, broker_s, _ = cpu_s
    if broker_s <= 0:
        return f"{arm.label}: its broker took no CPU that could be seen: too small a load"
    rest_s = max(0.0, line.rest_ms / 1e3 - sum(alone_s))
    costs = Costs(worker_s, broker_s, max(0.0, line.count), rest_s)
    return Known(arm, costs, usual.concurrency, connections_of(one, usual), pooled)


def is_pooled(one: PointMedians, usual: PointMedians) -> bool:
    """Whether several processes open no more connections than a single one."""
    opened = (usual.values.get(CONNECTIONS), one.values.get(CONNECTIONS))
    return usual.processes > 1 and opened[0] is not None and opened[0] == opened[1]


def connections_of(one: PointMedians, usual: PointMedians) -> float | None:
    """That each further worker opens: those of the usual processes less those of one; of a pool
    all that there are, the producer's among them.
    """
    if usual.processes <= 1 or not all(CONNECTIONS in p.values for p in (one, usual)):
        return None
    if is_pooled(one, usual):
        return one.values[CONNECTIONS]
    more = usual.values[CONNECTIONS] - one.values[CONNECTIONS]
    return max(1.0, more / (usual.processes - 1))
