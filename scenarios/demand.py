"""How many workers does a load take, and how much load do so many workers hold?

Load: tasks that sleep 5 ms, at 100, 200 and 400 a second (Poisson, open loop), for 1, 2 and 4
worker processes with a task at a time each, 10 s and at least 1,050 tasks a trial. A load is held
where p99 of the sojourn time is at most 200 ms, nothing is lost, and the backlog does not grow.
Primary: sojourn p99, worker CPU per task.

The two metrics of Theodolite (Henning and Hasselbring, Big Data Research 25, 2021): the demand of a
load is the least number of workers that hold it, the capacity of so many workers the highest load
that they hold. Where a load has several trials, most of them decide. A capacity is below the first
load that is not held, a demand above the last number of workers that does not hold it: one lucky
trial beyond is not believed. Tasks sleep, so that workers are what runs short and not the cores of
a small machine; whatever shares its cores shows in loads that twice the workers do not hold.

Void: any task lost, duplicated or failed, a generator that was late. A load that is not held is no
fault of the trial.

Over hosts (``--place worker=HOST+HOST``) each has so many workers, and all of them are counted.

The stock command line has the workers that it has: any other number is a gap there.
"""

import math

import numpy as np

from harness.measure import validity
from harness.measure.layouts import Array, calls
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import UNDEFINED, open_loop_measures, poisson
from harness.scenario.point import Point, Size, amount, numbered
from harness.scenario.primary import SOJOURN_P99, WORKERS_CPU
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario, Together

WORKERS, RATES = (1, 2, 4), (100, 200, 400)
GRID = ("processes", "offered_rate")
NAP_US, SLO_MS, LOAD_S, LEAST_TASKS = 5_000, 200.0, 10.0, 1_050


def held(size: Size, rate: int, workers: int) -> Point:
    """So many workers that are offered this rate."""
    name = f"{rate} tasks/s, {amount(workers, 'worker')}"
    return Point(size, name=name, wants={"processes": workers}, options={"rate": rate})


class Demand(Scenario):
    name = "demand"
    question = "How many workers does a load take, and how much load do so many workers hold?"
    primary = (SOJOURN_P99, WORKERS_CPU)
    producers = 2
    usual = False
    charts = drawn(
        Chart("sojourn_p99", "Sojourn time, p99, where the load was held", grid=GRID),
        Chart("slo_passed", "Load held (1) or not (0)"),
        "workers_cpu_per_task",
    )
    together = Together.DEMAND

    def points(self, size: Size) -> list[Point]:
        return numbered(held(size, rate, workers) for rate in RATES for workers in WORKERS)

    def tasks(self, point: Point) -> int:
        """So many that there is a p99."""
        return int(point.options.get("count", max(LEAST_TASKS, point.options["rate"] * LOAD_S)))

    def expected_s(self, point: Point) -> float:
        rate, slots = float(point.options["rate"]), int(point.wants["processes"])
        load_s = self.tasks(point) * max(1 / rate, NAP_US / 1e6 / slots)
        return point.size.around_s + point.size.warmup_s + load_s

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        rate, (before, during) = float(point.options["rate"]), rng.spawn(2)
        warm = max(1, math.ceil(rate * point.size.warmup_s))
        run.measure_idle(point.size.idle_s)
        run.warm_up_schedule(naps(poisson(rate, warm, before)))
        run.open_window("load")
        run.producers.send_schedule("load", naps(poisson(rate, self.tasks(point), during)))
        run.drain()
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = judged(open_loop_measures(run, records, float(point.options["rate"]), SLO_MS))
        found.metrics.append(Metric("processes", run.topology.processes, "processes"))
        return found


def naps(offsets: Array) -> Array:
    """Tasks that sleep, at these times (ns)."""
    return calls(len(offsets), "nap", NAP_US, offsets_ns=offsets)


def judged(found: Measures) -> Measures:
    """With whether the load was held. That its backlog grows is an answer, and so is a drift of
    what is held: neither voids the trial.
    """
    answers = [r for r in found.void if r.startswith((UNDEFINED, validity.UNSTEADY))]
    void = [reason for reason in found.void if reason not in answers]
    p99 = next((m.value for m in found.metrics if m.name == "sojourn_p99"), math.inf)
    metrics = [
        *found.metrics,
        Metric("slo", SLO_MS, "ms"),
        Metric("slo_passed", float(not void and p99 <= SLO_MS), "1"),
    ]
    return Measures(metrics, void, [*found.remarks, *answers])


SCENARIO = Demand()
