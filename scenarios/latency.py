"""How long does a task take at 0.3, 0.5 and 0.7 of capacity, open loop?

Load: no-op tasks at precomputed Poisson times, offered at a share of the capacity that this session
measured for the same arm under the same producers; a late generator sends at once, and the
lateness counts, since latency (sojourn time) is from the intended time. Primary: sojourn p50 and
p99, worker CPU per task.

Void: p99 generator lag over max(1 ms, 5 % of median sojourn); overload (then latency is undefined
and no percentile is given); no steady state; any task lost, duplicated or failed.

Every framework can do all of it, and so can the broker's client alone (``raw``).

With ``overload`` among the point's options it is the trial that measures the capacity: what the
arm completes while it is offered more than it can do.

With an objective (``slo_ms`` among the point's options) a trial also says whether it holds:
p99 at most that, nothing lost, no overload, and a generator late by at most 5 % of the objective.
"""

import math
import types

import numpy as np

from harness.measure import validity
from harness.measure.layouts import calls
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import (
    constant,
    offer,
    open_loop_measures,
    overload_measures,
    poisson,
)
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import SOJOURN_P50, SOJOURN_P99, WORKERS_CPU
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

LEAST_TASKS = 1_050  # METHOD 3: p99 wants 1,000


class Latency(Scenario):
    name = "latency"
    question = "How long does a task take at 0.3, 0.5 and 0.7 of capacity, open loop?"
    primary = (SOJOURN_P50, SOJOURN_P99, WORKERS_CPU)
    trials = types.MappingProxyType({"full": 3, "quick": 1})
    profiled = ("load 0.5",)
    turns = True
    by_broker = drawn(Chart("sojourn_p50", "Latency p50 at the lowest load"))
    producers = 4  # one client would queue behind its own calls: lag, not latency

    def points(self, size: Size) -> list[Point]:
        return numbered(Point(size, fraction) for fraction in (0.3, 0.5, 0.7))

    def expected_s(self, point: Point) -> float:
        producers_s, load_s = 2, max(point.size.load_s, LEAST_TASKS / point.rate)
        return point.size.around_s + producers_s + point.size.warmup_s + load_s

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        warm = max(1, math.ceil(point.rate * point.size.warmup_s))
        before, during = rng.spawn(2)  # so that the load does not hang on the warm-up's length
        run.measure_idle(point.size.idle_s)
        run.warm_up_schedule(calls(warm, offsets_ns=poisson(point.rate, warm, before)))
        count = max(LEAST_TASKS, math.ceil(point.rate * point.size.load_s))
        count = int(point.options.get("count", count))
        even = point.options.get("arrivals") == "constant"
        offsets = constant(point.rate, count) if even else poisson(point.rate, count, during)
        offer(run, offsets, virtual=point.options.get("clock") == "virtual")
        run.settle()

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        if point.options.get("overload"):
            return overload_measures(run, records, point.rate)
        slo_ms = float(point.options.get("slo_ms", 0))
        found = open_loop_measures(run, records, point.rate, slo_ms)
        found.metrics.extend(objective_metrics(point, found.metrics, found.void))
        return found.of(point)


def objective_metrics(point: Point, metrics: list[Metric], void: list[str]) -> list[Metric]:
    """The objective and whether it was held; a drift within the trial does not decide that."""
    if "slo_ms" not in point.options:
        return []
    slo = float(point.options["slo_ms"])
    p99 = next((m.value for m in metrics if m.name == "sojourn_p99"), math.inf)
    sound = all(reason.startswith(validity.UNSTEADY) for reason in void)
    return [Metric("slo", slo, "ms"), Metric("slo_passed", float(sound and p99 <= slo), "1")]


SCENARIO = Latency()
