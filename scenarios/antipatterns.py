"""What do the usual mistakes cost, beside the right way to do the same?

Load: backlogs of 400 tasks of pure Python computing (about 10 ms) and of 400 tasks that wait 50 ms
for the mock API, each placed wrongly and rightly. Primary: drain rate, makespan.

- *computing in coroutines*: it holds up the event loop, and all other tasks of the process. As many
  in flight as there are cores; Celery has no coroutines (a gap);
- *computing in threads*: as many threads, which share one interpreter lock: AsyncTasQ's tasks that
  are plain functions, Celery's threads pool;
- *computing in processes*: the right way: AsyncTasQ's process pool, Celery's prefork;
- *waiting in processes*: a task holds its process while it waits, a process a core;
- *waiting where tasks wait*: the right way: 20 coroutines, 20 threads.

The report gives each mistake's cost as a factor: the right way's median drain rate over its own.

Void: any task lost, duplicated or failed; another number of tasks in flight than asked.

With the profile ``default`` a place that the stock command line does not have is a gap; AsyncTasQ's
has ten coroutines in flight, whatever they do.
"""

import os

import numpy as np

from harness.measure.layouts import calls
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_backlog
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import DRAIN_RATE, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario, Together

TASKS, ITERATIONS, LATENCY_MS, IN_FLIGHT = 400, 100_000, 50, 20
CORES = len(os.sched_getaffinity(0))
COMPUTED_RIGHT, WAITED_RIGHT = "computing in processes", "waiting where tasks wait"
PLACES = (
    ("computing in coroutines", "spin", ITERATIONS, {"coroutines": CORES}),
    ("computing in threads", "spin", ITERATIONS, {"threads": CORES}),
    (COMPUTED_RIGHT, "spin", ITERATIONS, {"computing": CORES}),
    ("waiting in processes", "http", 1, {"processes": CORES}),
    (WAITED_RIGHT, "http", 1, {"waiting": IN_FLIGHT}),
)


class Antipatterns(Scenario):
    name = "antipatterns"
    question = "What do the usual mistakes cost, beside the right way to do the same?"
    primary = (DRAIN_RATE, lower("makespan"))
    work = ("tasks/work.py",)
    services = ("api",)
    charts = drawn("drain_rate", "makespan")
    together = Together.COST_OF_MISTAKES
    mistakes = tuple(
        (name, COMPUTED_RIGHT if kind == "spin" else WAITED_RIGHT)
        for name, kind, *_ in PLACES
        if name not in {COMPUTED_RIGHT, WAITED_RIGHT}
    )

    def points(self, size: Size) -> list[Point]:
        return numbered(
            Point(
                size,
                name=name,
                wants=wants,
                options={"kind": kind, "arg": arg, "api": {"ms": LATENCY_MS}},
            )
            for name, kind, arg, wants in PLACES
        )

    def expected_s(self, point: Point) -> float:
        tasks = point.size.scaled(TASKS, 40)
        return point.size.around_s + max(tasks * 0.015, point.drained_s(tasks))

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        kind, arg = point.options["kind"], point.options["arg"]
        load = calls(point.size.scaled(TASKS, 40), kind, arg)
        drain_backlog(run, point, load, warm=calls(2 * run.topology.slots, kind, arg))

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        return backlog_measures(run, records)


SCENARIO = Antipatterns()
