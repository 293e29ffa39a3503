"""Idle workers, then a thousand tasks at once: how long to the first, to the last, and for each?

Load: after the warm-up five times the same: nothing for 30 s, then 1,000 no-op tasks whose intended
time is one and the same instant, sent by four producers as fast as the framework lets them. The
next rest begins when the last task has ended. The quick size rests for 3 s and sends 200. Primary:
time to the first, time to the last, sojourn p90.

All times are from the instant that the burst was meant for. Time to the first is until the first
body starts: an idle worker that polls, sleeps or was scaled down shows here. Time to the last is
until the last body has ended. Both are medians over the five bursts, the longest of them stands
beside. Sojourn times are of all tasks together; sending is part of them, since whoever has a
thousand tasks at once waits for his client too. CPU is of rests and bursts together.

*steady*: the profile's workers all the time. *autoscaled*: one process at rest and up to four when
there is work, by the framework's own means; one that had no task for half of a rest is ended.

Void: any task lost, duplicated or failed.

Celery's prefork pool scales itself (``--autoscale``). The others keep the number of their workers,
and so does Celery's stock command line: a gap.
"""

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import Array, calls
from harness.measure.metrics import (
    Joined,
    Metric,
    accounting_metrics,
    cpu_metrics,
    idle_metrics,
    join,
    memory_metrics,
    quantiles,
)
from harness.measure.records import Records
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

BURSTS, TASKS, LEAST_TASKS = 5, 1_000, 200
REST_S, LEAST_REST_S = 30.0, 1.0
MOST_PROCESSES = 4
NOTHING_OFF: dict[str, float] = {}  # of the CPU: what resting costs is part of it
STEADY, AUTOSCALED = "steady", "autoscaled"


def rest_s(size: Size) -> float:
    """Seconds without a task before each burst."""
    return max(LEAST_REST_S, REST_S * size.scale)


class Burst(Scenario):
    name = "burst"
    question = "Idle workers, then a thousand tasks at once: how long to the first and the last?"
    primary = (lower("time_to_first"), lower("time_to_last"), lower("sojourn_p90"))
    producers = 4
    charts = drawn(
        "time_to_first", "time_to_last", "sojourn_p50", "sojourn_p90", "workers_cpu_per_task"
    )

    def points(self, size: Size) -> list[Point]:
        scaled = {"autoscale": MOST_PROCESSES, "retire_s": rest_s(size) / 2}
        return numbered([Point(size, name=STEADY), Point(size, name=AUTOSCALED, wants=scaled)])

    def expected_s(self, point: Point) -> float:
        tasks = BURSTS * point.size.scaled(TASKS, LEAST_TASKS)
        rests_s = BURSTS * rest_s(point.size)
        return point.size.around_s + point.size.warmup_s + rests_s + point.drained_s(tasks)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        run.warm_up(point.size.warmup_s)
        count = point.size.scaled(TASKS, LEAST_TASKS)
        run.open_window("load")
        for _ in range(BURSTS):
            run.measure_idle(rest_s(point.size))
            run.producers.send_schedule("load", calls(count))
            run.drain()
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        fate, joined = account(records), join(records)
        metrics = accounting_metrics(fate)
        if len(joined.seq):
            window = run.windows["load"]
            firsts, lasts = times_of_bursts(joined)
            counts = [
                usage.processes
                for usage in run.sampler.usages
                if usage.role == "workers" and window.start_ns <= usage.at_ns <= window.end_ns
            ]
            metrics += [
                Metric("time_to_first", float(np.median(firsts)) / 1e6, "ms"),
                Metric("time_to_first_longest", float(firsts.max()) / 1e6, "ms"),
                Metric("time_to_last", float(np.median(lasts)) / 1e6, "ms"),
                Metric("time_to_last_longest", float(lasts.max()) / 1e6, "ms"),
                *quantiles("sojourn", joined.sojourn),
                *cpu_metrics(window, NOTHING_OFF, fate.completed_once),
                *memory_metrics(run.sampler.usages, window),
                *idle_metrics(run.idle),
            ]
            if counts:
                metrics += [
                    Metric("worker_processes_least", min(counts), "processes"),
                    Metric("worker_processes_most", max(counts), "processes"),
                ]
        return Measures(metrics, fate.complaints())


def times_of_bursts(joined: Joined) -> tuple[Array, Array]:
    """By burst, nanoseconds from its instant to the first start and to the last end."""
    bursts, of = np.unique(joined.intended, return_inverse=True)
    firsts = np.array([joined.start[of == n].min() for n in range(len(bursts))]) - bursts
    lasts = np.array([joined.end[of == n].max() for n in range(len(bursts))]) - bursts
    return firsts, lasts


SCENARIO = Burst()
