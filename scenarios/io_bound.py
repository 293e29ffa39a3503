"""How well do waiting tasks overlap?

Load: a backlog of 5,000 tasks that call the mock API (100 ms an answer) by httpx, once or ten times
side by side; 20 tasks in flight in one process. Primary: drain rate, overlap, worker CPU per task.

Overlap is the drain rate over that of slots which do nothing but wait: 20 tasks a 100 ms. A task
that fans out waits no longer than one that does not, if its calls really go side by side.

Void: any task lost, duplicated or failed; another number of tasks in flight than asked; a mock API
that took more than 15 % of the workers' CPU, since then it is part of what is measured.

AsyncTasQ: coroutines. Celery: its threads pool; prefork has a process a waiting task, so that the
stock command line is a gap. AsyncTasQ's has ten in flight, and its overlap is that of ten.
"""

import numpy as np

from harness.measure.layouts import calls
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_backlog, judge_drift, value_of
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU, higher
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

TASKS, LATENCY_MS, IN_FLIGHT = 5_000, 100, 20
API_SHARE = 0.15  # of the workers' CPU, at most


class IoBound(Scenario):
    name = "io_bound"
    question = "How well do waiting tasks overlap (HTTP calls to a mock API)?"
    primary = (DRAIN_RATE, higher("overlap"), WORKERS_CPU)
    work = ("tasks/work.py",)
    services = ("api",)
    charts = drawn("overlap", "drain_rate", "workers_cpu_per_task")

    def points(self, size: Size) -> list[Point]:
        return numbered(
            Point(
                size,
                name=f"fan-out {n}",
                wants={"waiting": IN_FLIGHT},
                options={"fan_out": n, "api": {"ms": LATENCY_MS}},
            )
            for n in (1, 10)
        )

    def expected_s(self, point: Point) -> float:
        calls_each = int(point.options["fan_out"])
        each_s = max(LATENCY_MS / 1e3 / IN_FLIGHT, 0.002 * calls_each)
        tasks = point.size.scaled(TASKS, 100)
        return point.size.around_s + max(tasks * each_s, point.drained_s(tasks))

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        fan_out = int(point.options["fan_out"])
        warm = calls(3 * run.topology.slots, "http", fan_out)
        load = calls(point.size.scaled(TASKS, 100), "http", fan_out)
        drain_backlog(run, point, load, warm=warm)

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = backlog_measures(run, records)
        ideal = run.topology.slots / (LATENCY_MS / 1e3)
        share = value_of(found, "api_cpu") / value_of(found, "workers_cpu")
        requests = value_of(found, "drain_rate") * int(point.options["fan_out"])
        found.metrics.extend(
            [
                Metric("overlap", value_of(found, "drain_rate") / ideal, "1"),
                Metric("request_rate", requests, "requests/s"),
                Metric("api_share", share, "1"),
            ]
        )
        if share > API_SHARE:
            found.void.append(f"the mock API took {100 * share:.0f} % of the workers' CPU")
        judge_drift(found, run, records)
        return found


SCENARIO = IoBound()
