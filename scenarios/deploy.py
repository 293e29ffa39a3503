"""A new version is rolled out: what do users of the queue notice of it?

Load: two units of workers with a process each; one after the other is asked to end (SIGTERM) and
started anew, as by ``systemctl restart`` or a rolling update of Kubernetes. The next one's turn
comes when the one before has executed a task again.

- *short tasks*: 5 ms each, 100 a second (constant), for 30 s;
- *long tasks*: 12 of 4 s, sent at once: whoever is asked to end has one running.

Primary: longest silence (no completion), longest time to stop. Beside them what was lost, repeated
and cut off, and how long a restarted worker takes to its first task.

A worker that has not ended after 30 s (Kubernetes' ``terminationGracePeriodSeconds``) is killed.
Tasks that a framework hands out again are waited for: it is asked to do so after 15 s
(``redeliver_s``). What is lost, repeated or cut off is the finding here and voids nothing; an
unknown task does.

The stock command line is a gap where it starts more than one process.
"""

import time
from collections.abc import Mapping, Sequence

import numpy as np

from harness.measure.accounting import OK, account
from harness.measure.layouts import Array, calls
from harness.measure.metrics import Metric, accounting_metrics, join, quantiles
from harness.measure.records import Records
from harness.measure.silence import SECOND, longest_silence_s
from harness.scenario.chart import drawn
from harness.scenario.open_loop import constant
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.producers import LEAD_S
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario
from harness.scenario.workers import Restart

UNITS, GRACE_S, REDELIVER_S, QUIET_S = 2, 30.0, 15, 20.0
RATE, SHORT_US, LOAD_S, LEAST_S = 100.0, 5_000, 30.0, 9.0
LONG, LONG_US, RUNNING_S = 12, 4_000_000, 1.5
BACK_S = 30.0  # for a restarted worker to execute a task
SHORT_TASKS, LONG_TASKS = "short tasks", "long tasks"


def roll(run: Run, tasks: int) -> None:
    """Restart the units, each once the one before has executed a task again, or all of so many
    ``tasks`` have been attempted.
    """

    def go_on() -> bool:
        return back(run) or run.tail.completed("load") >= tasks

    for place in range(len(run.workers.children)):
        run.workers.restart(place, GRACE_S)
        run.processes.wait(go_on, BACK_S, "a task after the restart")


def back(run: Run) -> bool:
    """Whether a process of the worker that was restarted last has executed a task."""
    run.tail.poll()
    new, members = run.workers.restarts[-1].pid, run.workers.members()
    return any(members.get(pid) == new for pid in run.tail.worker_pids("load"))


def back_after_s(
    runs: Array, restarts: Sequence[Restart], members: Mapping[int, int]
) -> float | None:
    """The longest time from a worker's end to the first start of a task by the one that came in its
    place, None where one executed none. ``members``: by process, the worker that it is of.
    """
    workers = np.array([members.get(int(pid), 0) for pid in runs["pid"]])
    own = [runs["start"][workers == one.pid] for one in restarts]
    if any(not len(starts) for starts in own):
        return None
    waits = [starts.min() - one.ended_ns for starts, one in zip(own, restarts, strict=True)]
    return float(max(waits)) / SECOND


class Deploy(Scenario):
    leaves = True
    name = "deploy"
    question = "A new version is rolled out: what is lost, what repeated, how long is the silence?"
    primary = (lower("longest_silence"), lower("stop_time_max"))
    producers = 2
    fault = True
    charts = drawn("longest_silence", "stop_time_max", "back_after", "lost", "repeated", "cut_off")

    def points(self, size: Size) -> list[Point]:
        wants = {"processes": 1, "units": UNITS, "redeliver_s": REDELIVER_S}
        return numbered(Point(size, name=name, wants=wants) for name in (SHORT_TASKS, LONG_TASKS))

    def seconds(self, size: Size) -> float:
        return max(LEAST_S, LOAD_S * size.scale)

    def expected_s(self, point: Point) -> float:
        long_s = LONG * LONG_US / 1e6
        load_s = long_s if point.label == LONG_TASKS else self.seconds(point.size)
        return point.size.around_s + point.size.warmup_s + load_s

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        run.warm_up(point.size.warmup_s)
        run.open_window("load")
        if point.label == LONG_TASKS:
            run.producers.send("load", "nap", LONG, LONG_US)
            time.sleep(RUNNING_S)
            roll(run, LONG)
        else:
            self.roll_under_load(run, self.seconds(point.size))
        run.drain(quiet_s=QUIET_S, succeeded=True)
        run.close_window("load")
        run.settle()

    def roll_under_load(self, run: Run, seconds: float) -> None:
        """Begin after a sixth of the load."""
        count = int(RATE * seconds)

        def meanwhile() -> None:
            time.sleep(LEAD_S + seconds / 6)
            roll(run, count)

        load = calls(count, "nap", SHORT_US, constant(RATE, count))
        run.producers.send_schedule("load", load, meanwhile=meanwhile)

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        fate, runs, restarts = account(records), records.runs, run.workers.restarts
        stops = [(one.ended_ns - one.asked_ns) / SECOND for one in restarts]
        begun = np.unique(runs["seq"], return_counts=True)[1]
        begin, ends = restarts[0].asked_ns, runs["end"][runs["outcome"] == OK]
        until = int(records.sends["intended"].max())
        metrics = [
            *accounting_metrics(fate),
            Metric("repeated", int(np.sum(begun > 1)), "tasks"),
            Metric("cut_off", int(np.sum(runs["outcome"] != OK)), "attempts"),
            Metric("fault_after", (begin - int(records.sends["send"].min())) / SECOND, "s"),
            Metric("longest_silence", longest_silence_s(ends, begin, until), "s"),
            Metric("stop_time_mean", float(np.mean(stops)), "s"),
            Metric("stop_time_max", max(stops), "s"),
            Metric("killed", sum(one.killed for one in restarts), "workers"),
            *quantiles("sojourn", join(records).sojourn),
        ]
        after_s = back_after_s(runs, restarts, run.members)
        if after_s is not None:
            metrics.append(Metric("back_after", after_s, "s"))
        return Measures(metrics, [f"unknown: {fate.unknown} tasks"] if fate.unknown else [])


SCENARIO = Deploy()
