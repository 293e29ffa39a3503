"""How well do processes share computing: AsyncTasQ's process pool against Celery's prefork?

Load: a backlog of 1,000 tasks of 20,000 rounds of PBKDF2 each (about 5 ms), drained by one process
and by one a core. Primary: drain rate, worker CPU per task, speed-up.

The speed-up is the drain rate over what one process reaches that calls the bare function in a loop:
1 for one process that adds nothing, the number of cores at best. The bare function is timed in the
same cell before the workers have anything to do.

Void: any task lost, duplicated or failed; another number of tasks in flight than asked.

AsyncTasQ: a ``SyncProcessTask`` in the pool of one worker. Celery: prefork. The stock command lines
have a process a core: any other number is a gap there.
"""

import os

import numpy as np

from harness.measure.layouts import calls
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_backlog, judge_drift, value_of
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, amount, numbered
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU, higher
from harness.scenario.run import LEAST_WORK, Run
from harness.scenario.scenario import Measures, Scenario

TASKS, ROUNDS, BARE = 1_000, 20_000, 50
CORES = len(os.sched_getaffinity(0))


class CpuBound(Scenario):
    name = "cpu_bound"
    question = "How well do processes share computing, and what does a framework add to it?"
    primary = (DRAIN_RATE, WORKERS_CPU, higher("speed_up"))
    work = ("tasks/work.py",)
    turns = True
    charts = drawn("speed_up", "drain_rate", "workers_cpu_per_task", "overhead_per_task")

    def points(self, size: Size) -> list[Point]:
        counts = sorted({1, CORES})
        return numbered(
            Point(size, name=amount(n, "process", "processes"), wants={"computing": n})
            for n in counts
        )

    def tasks(self, point: Point) -> int:
        return point.backlog or point.size.scaled(TASKS, 40)

    def expected_s(self, point: Point) -> float:
        bare_s, each_s = 1, 0.007
        tasks = self.tasks(point)
        load_s = tasks * each_s / int(point.wants["computing"])
        return point.size.around_s + bare_s + max(load_s, point.drained_s(tasks))

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        with run.segment("bare"):
            bare = run.cell.bare("pbkdf2", ROUNDS, BARE)
        run.facts["bare_s"], run.facts[LEAST_WORK] = bare.mean_s, bare.least_s
        warm = calls(10 * run.topology.slots, "pbkdf2", ROUNDS)
        load = calls(self.tasks(point), "pbkdf2", ROUNDS)
        drain_backlog(run, point, load, warm=warm)

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        found, bare_s = backlog_measures(run, records), run.facts["bare_s"]
        overhead = value_of(found, "workers_cpu_per_task") - 1e6 * bare_s
        found.metrics.extend(
            [
                Metric("bare_cpu_per_task", 1e6 * bare_s, "us"),
                Metric("overhead_per_task", overhead, "us"),
                Metric("speed_up", value_of(found, "drain_rate") * bare_s, "1"),
            ]
        )
        judge_drift(found, run, records)
        return found


SCENARIO = CpuBound()
