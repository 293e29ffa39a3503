"""What does a kill -9 of the workers cost, as the framework stands by default?

Load: by the stock command line, whatever the arm's profile. Every slot holds a task of 7 s, and 20
no-ops wait or are reserved behind them, when all worker processes get SIGKILL, children included. A
supervisor starts the workers again 1 s later, by the same command, and a no-op comes each half
second from then on, since some look for abandoned tasks only when they get another. That goes on
until all is done and 10 s longer, for what is done twice, or for 11 minutes: beyond the 10 minutes
after which the slowest default hands a task out again. (Celery's on Redis, an hour, is beyond it.)
Smaller sizes wait less, and what came back later is not redone there.

Primary: the share of the tasks at work that was not redone, and seconds until the last that was
redone began again. Beside them what was redone more than once, and what waited and was never done.

What is lost or repeated is the finding here and voids nothing; an unknown task does, and a kill
while nothing is at work.
"""

import time

import numpy as np

from harness.measure.accounting import OK, account
from harness.measure.attempts import attempts
from harness.measure.layouts import Array
from harness.measure.metrics import Metric, accounting_metrics
from harness.measure.records import Records
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size
from harness.scenario.primary import lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

WAITING = 20  # tasks behind those at work
# Shorter than the 10 s after which SAQ cancels a task, longer than it takes to begin one a slot.
HANG_US, TAKEN_S = 7_000_000, 2.0
SUPERVISOR_S, BEAT_S = 1.0, 0.5
WAIT_S, LEAST_S = 660.0, 12.0
REPEATED_S = 10.0  # after all was done
UNBEGUN = f"no worker began a task within {TAKEN_S:g} s, so that none was killed in one"
LEFT_S = 5.0  # for the last of the no-ops
SECOND = 1_000_000_000


def wait_s(size: Size) -> float:
    """How long it is waited for what the dead workers had."""
    return max(LEAST_S, WAIT_S * size.scale)


class Killed(Scenario):
    name = "killed"
    question = "What does a kill -9 of the workers cost, as the framework stands by default?"
    primary = (lower("not_redone"), lower("redone_after"))
    usual = False
    leaves = True
    charts = drawn("not_redone", "redone_after", "redone_twice", "waiting_lost")

    def points(self, size: Size) -> list[Point]:
        return [Point(size, wants={"stock": True})]

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + wait_s(point.size) + LEFT_S

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        run.open_window("load")
        begin_tasks(run)
        run.workers.supervise(SUPERVISOR_S)
        run.abandoned = begun(run)
        run.mark("killed")
        run.workers.kill()
        send_until_redone(run, wait_s(point.size))
        run.mark("waited")
        run.close_window("load")
        run.drain(quiet_s=LEFT_S)
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        fate, killed, at_work = account(records), run.marks["killed"], len(run.abandoned)
        if not at_work:
            return Measures(accounting_metrics(fate), [UNBEGUN])
        done = records.runs[records.runs["outcome"] == OK]
        redone = done[np.isin(done["seq"], list(run.abandoned))]
        began = first_starts(redone)
        waiting = run.topology.slots + np.arange(WAITING)
        metrics = [
            *accounting_metrics(fate),
            Metric("at_work", at_work, "tasks"),
            Metric("not_redone", 100 * (at_work - len(began)) / at_work, "%"),
            Metric("redone_twice", len(redone) - len(began), "tasks"),
            Metric("waiting_lost", len(np.setdiff1d(waiting, done["seq"])), "tasks"),
            Metric("waited", (run.marks["waited"] - killed) / SECOND, "s"),
            Metric("revived", run.workers.revived, "workers"),
        ]
        if len(began):
            metrics.append(Metric("redone_after", (int(began.max()) - killed) / SECOND, "s"))
        return Measures(metrics, [f"unknown: {fate.unknown} tasks"] if fate.unknown else [])


def begin_tasks(run: Run) -> None:
    """A task into every slot, as far as workers take that many, and some behind them."""
    slots = run.topology.slots
    run.producers.send("load", "hang", slots, HANG_US)
    run.producers.send("load", "noop", WAITING)
    run.processes.until_quiet(lambda: len(begun(run)), TAKEN_S, lambda: len(begun(run)) == slots)


def begun(run: Run) -> frozenset[int]:
    """Numbers of the tasks that some worker has begun."""
    tried = attempts(run.folder.records, range(run.topology.slots))
    return frozenset(number for number, times in enumerate(tried) if times)


def send_until_redone(run: Run, seconds: float) -> None:
    """A no-op each half second until all is done and a while longer, or for so long."""
    end = time.monotonic() + seconds
    done = False
    while time.monotonic() < end:
        run.producers.send("load", "noop", 1)
        time.sleep(BEAT_S)
        run.processes.check_alive()
        if not done and run.completed("load"):
            done, end = True, min(end, time.monotonic() + REPEATED_S)


def first_starts(runs: Array) -> Array:
    """When each task was begun first (ns): attempts (RUN_TYPE), by number, then start, as in
    ``Records``. Of those that were killed there is no record: one is written at an attempt's end.
    """
    _, first = np.unique(runs["seq"], return_index=True)
    found: Array = runs["start"][first]
    return found


SCENARIO = Killed()
