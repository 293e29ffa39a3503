"""How fast are workers under the loads that others publish figures of?

Load: *naps of 100 ms*, *naps of 1 ms* and *computing* (about 2 ms of pure Python, which holds the
interpreter's lock) are backlogs that warm workers drain: 500 tasks that compute, and as many that
nap as fit the arm's rate.
*running*: one producer sends no-ops to warm workers that work meanwhile. *started*: 10,000 no-ops
lie at the broker when the workers are started, as often as a published benchmark counts their
start too. Primary: drain rate, overall rate.

The overall rate counts from the first send, or from the exec of the workers' commands, to the last
end: what a script with a stopwatch says. So it holds the producer's rate, or the start, as well.

Void: any task lost, duplicated or failed; another number of tasks in flight than asked.

``nox -s claims`` runs it, each arm with as many slots as the claim names; a bench does not.
"""

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import calls
from harness.measure.metrics import Metric, accounting_metrics, drain_rate, quantiles
from harness.measure.records import Records
from harness.scenario.backlog import (
    LEAST_FOR_A_RATE,
    backlog_measures,
    drain_held,
    judge_drift,
    load_held,
)
from harness.scenario.chart import drawn
from harness.scenario.point import LEAST_BACKLOG, Point, Size, numbered
from harness.scenario.primary import DRAIN_RATE, higher
from harness.scenario.run import READY_S, Run
from harness.scenario.scenario import Measures, Scenario

STARTED, RUNNING, COMPUTING = "started", "running", "computing"
BODIES = {
    "naps of 100 ms": ("nap", 100_000),
    "naps of 1 ms": ("nap", 1_000),
    COMPUTING: ("spin", 20_000),
}
# As many for every arm: one that now and then stands still for seconds would seem fast in a few.
COMPUTED = 500
WAVES, LEAST_WARM = 2, 30  # of a warm-up by the body itself: tasks a slot, and in all
WAITING = 10_000


class Claimed(Scenario):
    name = "claimed"
    question = "How fast are workers under the loads that others publish figures of?"
    primary = (DRAIN_RATE, higher("overall_rate"))
    work = ("tasks/work.py",)
    usual = False
    charts = drawn("drain_rate", "overall_rate")

    def points(self, size: Size) -> list[Point]:
        return numbered(Point(size, name=name) for name in (*BODIES, RUNNING, STARTED))

    def expected_s(self, point: Point) -> float:
        size = point.size
        if point.label in BODIES:
            return size.around_s + size.warmup_s + 2 * min(size.drain_s, 10.0)
        tasks = waiting(size) if point.label == STARTED else size.tasks
        return size.around_s + size.warmup_s + min(point.drained_s(tasks), 3 * size.drain_s)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        run.measure_idle(point.size.idle_s)
        if point.label == STARTED:
            start_before_waiting(run, waiting(point.size))
        elif point.label == RUNNING:
            run.warm_up(point.size.warmup_s)
            send_to_running(run, run.fitting_backlog(point))
        else:
            drain_bodies(run, point, *BODIES[point.label])

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        if point.label in BODIES:
            found = backlog_measures(run, records)
            judge_drift(found, run, records)
            return found.of(point)
        fate, ends = account(records), records.runs["end"]
        metrics = accounting_metrics(fate)
        if len(ends) >= LEAST_FOR_A_RATE:
            took_s = float(ends.max() - run.marks["begun"]) / 1e9
            metrics += [
                Metric("overall_rate", fate.completed_once / took_s, "tasks/s"),
                Metric("drain_rate", drain_rate(ends, run.topology.slots), "tasks/s"),
                *quantiles("service", records.runs["end"] - records.runs["start"]),
            ]
        return Measures(metrics, fate.complaints())


def waiting(size: Size) -> int:
    """Tasks that wait for workers to be started."""
    return size.scaled(WAITING, 200)


def start_before_waiting(run: Run, tasks: int) -> None:
    """Nobody works while the tasks are sent; then the workers are started."""
    run.workers.stop()
    run.producers.send("load", "noop", tasks)
    run.mark("begun")
    run.workers.start()
    run.drain(quiet_s=READY_S)
    run.settle()


def send_to_running(run: Run, tasks: int) -> None:
    """As fast as one producer can, to workers that work meanwhile."""
    run.mark("begun")
    run.producers.send("load", "noop", tasks)
    run.drain()
    run.settle()


def drain_bodies(run: Run, point: Point, kind: str, arg: int) -> None:
    """Warm up by the body itself, which says how many fit, then load and drain."""
    slots = run.topology.slots
    run.warm_up_calls(calls(max(LEAST_WARM, WAVES * slots), kind, arg))
    tasks = max(WAVES * slots, bodies(run, point))
    run.gate.close()
    load_held(run, lambda: run.producers.send_calls("load", calls(tasks, kind, arg)))
    drain_held(run)


def bodies(run: Run, point: Point) -> int:
    """As many naps as fit by the warm-up's rate; fewer than a backlog has at least where an arm is
    so slow that it would take many times as long.
    """
    if point.label == COMPUTING:
        return point.size.scaled(COMPUTED)
    ends = Records.read(run.folder.records, "warmup").runs["end"]
    fit = round(drain_rate(ends, run.topology.slots) * point.size.drain_s)
    return fit if fit < LEAST_BACKLOG else run.fitting_backlog(point)


SCENARIO = Claimed()
