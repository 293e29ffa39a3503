"""Which settings are best on this machine for a given body?

Load: a backlog for every pair of worker processes (1, 2, 4) and tasks that each has reserved (1, 4,
16), everything else as in the matched profile. ``--body`` says what the tasks do: ``noop``
(nothing, the default), ``wait`` (10 ms), ``compute`` (pure Python, about 2 ms). Primary: drain
rate, worker CPU per task.

AsyncTasQ executes all tasks that a process has reserved at a time, so the second setting is its
concurrency. Celery's prefork executes one and keeps the rest ready, so it is its prefetch
multiplier. The best of many settings looks better than it is: the report says whether it beats the
matched profile by more than the noise, at a false-discovery rate of 5 %, and a ``compare`` confirms
it.

Void: any task lost, duplicated or failed; other settings than asked.

The stock command lines stay as they are (a gap of the profile ``default``).
"""

import types
from typing import NamedTuple

import numpy as np

from harness.measure.layouts import calls
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_backlog, judge_drift
from harness.scenario.chart import Chart, drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario, Together

PROCESSES, RESERVED = (1, 2, 4), (1, 4, 16)
FEW_PROCESSES, FEW_RESERVED = (1, 2), (1, 16)  # of the quick size


class Body(NamedTuple):
    """What the tasks do, how many there are, and roughly how many a second one slot does."""

    kind: str
    arg: int
    tasks: int
    a_second: float


BODIES = {
    "noop": Body("noop", 0, 10_000, 450),
    "wait": Body("nap", 10_000, 1_500, 90),
    "compute": Body("spin", 20_000, 2_000, 400),
}


class Tuning(Scenario):
    name = "tuning"
    question = "Which settings are best on this machine for a given body?"
    primary = (DRAIN_RATE, WORKERS_CPU)
    work = ("tasks/work.py",)
    trials = types.MappingProxyType({"full": 2, "quick": 1})  # the noise that a gain is held to
    charts = drawn(
        Chart("drain_rate", grid=("processes", "reserved")),
        Chart("workers_cpu_per_task", grid=("processes", "reserved")),
    )
    together = Together.BEST_SETTINGS
    turns = True

    def __init__(self, body: str = "noop") -> None:
        self.body = body

    def points(self, size: Size) -> list[Point]:
        full = size.scale == 1
        return numbered(
            Point(
                size,
                name=f"{self.body}, {p} × {r}",
                options={"body": self.body},
                wants={"processes": p, "reserved": r},
            )
            for p in (PROCESSES if full else FEW_PROCESSES)
            for r in (RESERVED if full else FEW_RESERVED)
        )

    def tasks(self, point: Point) -> int:
        return point.backlog or point.size.scaled(BODIES[point.options["body"]].tasks, 200)

    def expected_s(self, point: Point) -> float:
        slots = int(point.wants["processes"])
        body_s = self.tasks(point) / (BODIES[point.options["body"]].a_second * slots)
        return point.size.around_s + max(body_s, point.drained_s(self.tasks(point)))

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        body = BODIES[point.options["body"]]
        load = calls(self.tasks(point), body.kind, body.arg)
        drain_backlog(run, point, load, warm=load[: max(100, len(load) // 5)])

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = backlog_measures(run, records)
        found.metrics.extend(
            [
                Metric("processes", run.topology.processes, "processes"),
                Metric("reserved", point.wants["reserved"], "tasks"),
            ]
        )
        judge_drift(found, run, records)
        return found


SCENARIO = Tuning()
