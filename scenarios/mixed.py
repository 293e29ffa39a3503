"""What becomes of short tasks beside waiting and computing ones?

Load: 10,000 tasks in seeded random order at 150 a second (Poisson): 60 % call the mock API (50 ms),
30 % parse 16 kB of JSON, 10 % hash 2 MiB; 10 tasks in flight, and computing processes beside them
where the framework tells the two apart. Primary: sojourn p50 and p99, worker CPU per task; the
sojourn time of each kind beside them.

Void: as in ``latency``.

AsyncTasQ: one worker, coroutines for calls and parsing, a pool of a process a core for hashing.
Celery: one worker has one pool, so prefork with 10 processes.
"""

import os

import numpy as np

from harness.measure.layouts import CALL_TYPE, Array, kind_number
from harness.measure.metrics import join, quantiles
from harness.measure.records import Records
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import latency_undefined, open_loop_measures, poisson
from harness.scenario.point import Point, Size
from harness.scenario.primary import SOJOURN_P50, SOJOURN_P99, WORKERS_CPU
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

TASKS, RATE, IN_FLIGHT, LATENCY_MS = 10_000, 150.0, 10, 50
# Kind, argument and share of the load.
MIX = (("http", 1, 0.6), ("parse", 1, 0.3), ("digest", 2, 0.1))
CORES = len(os.sched_getaffinity(0))


def mixture(count: int, rng: np.random.Generator) -> Array:
    """Calls (CALL_TYPE) of every kind in its exact share, shuffled, at random times."""
    found = np.zeros(count, dtype=CALL_TYPE)
    edges = np.round(np.cumsum([0.0, *(share for *_, share in MIX)]) * count).astype(int)
    for (kind, arg, _), begin, end in zip(MIX, edges[:-1], edges[1:], strict=True):
        found["kind"][begin:end], found["arg"][begin:end] = kind_number(kind), arg
    rng.shuffle(found)
    found["offset"] = poisson(RATE, count, rng)
    return found


class Mixed(Scenario):
    name = "mixed"
    question = "What becomes of short tasks beside waiting and computing ones?"
    primary = (SOJOURN_P50, SOJOURN_P99, WORKERS_CPU)
    work = ("tasks/work.py",)
    producers = 2
    services = ("api",)
    charts = drawn(
        Chart("sojourn_p99", "Sojourn p99, all kinds"),
        *(Chart(f"{kind}_sojourn_p90", f"Sojourn p90, {kind}") for kind, *_ in MIX),
        "workers_cpu_per_task",
    )

    def points(self, size: Size) -> list[Point]:
        wants = {"waiting": IN_FLIGHT, "computing": CORES}
        return [Point(size, wants=wants, options={"api": {"ms": LATENCY_MS}})]

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + point.size.warmup_s + point.size.scaled(TASKS, 150) / RATE

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        before, during = rng.spawn(2)
        run.measure_idle(point.size.idle_s)
        run.warm_up_schedule(mixture(max(60, int(RATE * point.size.warmup_s)), before))
        run.open_window("load")
        run.producers.send_schedule("load", mixture(point.size.scaled(TASKS, 150), during))
        run.drain()
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        found, joined = open_loop_measures(run, records, RATE), join(records)
        if latency_undefined(found):
            return found
        kinds = run.producers.calls["load"]["kind"][joined.seq]
        for kind, *_ in MIX:
            own = joined.sojourn[kinds == kind_number(kind)]
            found.metrics.extend(quantiles(f"{kind}_sojourn", own))
        return found


SCENARIO = Mixed()
