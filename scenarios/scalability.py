"""How do rate and cost grow with backlog and workers?

Load: backlogs of 1,000, 10,000 and 100,000 no-op tasks for the profile's workers, then 10,000 for
1, 2 and 4 worker processes; in the quick size a tenth of that (at least 200), and not the largest.
Primary: drain rate, worker CPU per task, peak worker memory.

Beside them the report has the depth over time, and a scaling law fitted through the rates by
workers, with its uncertainty. More workers than cores show contention, not growth:
on few cores this describes the machine as much as the queue.

Void: any task lost, duplicated or failed.

The stock command line has the workers that it has: any other number is a gap there.
"""

import numpy as np

from harness.measure.layouts import calls
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_live, judge_drift
from harness.scenario.chart import Chart, drawn
from harness.scenario.point import Point, Size, amount, numbered
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario, Together

BACKLOGS, USUAL, LEAST, WORKERS = (1_000, 10_000, 100_000), 10_000, 200, (1, 2, 4)


class Scalability(Scenario):
    name = "scalability"
    question = "How do rate and cost grow with backlog (1k to 100k) and workers (1 to 4)?"
    primary = (DRAIN_RATE, WORKERS_CPU, lower("workers_pss_peak"))
    producers = 2  # a backlog of 100,000 takes a while to send
    depth = True
    charts = drawn(
        Chart("drain_rate", "Drain rate of the profile's workers", over="backlog", log=True),
        Chart("drain_rate", "Drain rate of a fixed backlog", over="processes"),
        "workers_cpu_per_task",
        "workers_pss_peak",
    )
    together = Together.SCALING_LAW

    def points(self, size: Size) -> list[Point]:
        sizes = BACKLOGS if size.scale == 1 else BACKLOGS[:-1]
        counts = dict.fromkeys(size.scaled(n, LEAST) for n in sizes)  # small ones are one
        backlogs = [Point(size, name=f"{n:,} tasks", options={"tasks": n}) for n in counts]
        workers = [
            Point(
                size,
                name=amount(n, "worker"),
                wants={"processes": n},
                options={"tasks": size.scaled(USUAL, LEAST)},
            )
            for n in WORKERS
        ]
        return numbered([*backlogs, *workers])

    def tasks(self, point: Point) -> int:
        return int(point.options["tasks"])

    def expected_s(self, point: Point) -> float:
        load_s = point.drained_s(self.tasks(point))
        return point.size.around_s + point.size.warmup_s + load_s

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        load = calls(self.tasks(point))
        # All at once, as fast as the producers can: an open loop whose every task is late.
        drain_live(run, point, lambda: run.producers.send_schedule("load", load))

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = backlog_measures(run, records)
        # What a point differs in from its like, and no more: a line is drawn over it.
        if "processes" in point.wants:
            found.metrics.append(Metric("processes", run.topology.processes, "processes"))
        else:
            found.metrics.append(Metric("backlog", self.tasks(point), "tasks"))
        judge_drift(found, run, records)
        return found.of(point)


SCENARIO = Scalability()
