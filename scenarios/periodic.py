"""Jobs every second by the framework's own scheduler: how late, are any missed or doubled?

Load: a no-op every second for 60 s, started by the scheduler alone: by a process of its own (Celery
beat, ``rq cron``, taskiq's scheduler) or by workers themselves (arq, Chancy, PgQueuer,
Procrastinate, SAQ, streaQ).

- *one scheduler*: one worker, and its scheduler;
- *two schedulers*: all of that twice, as of two equal hosts: what does not agree doubles each tick;
- *one scheduler, restarted*, *two schedulers, restarted*: after a third of the time each process is
  asked to end (SIGTERM) and started anew, one after the other.

Primary: lateness p50 and max, behind a grid of whole seconds that is laid through the most punctual
tick: cron expressions name full seconds, intervals begin when they like, and one that drifts falls
behind its grid. A second of the grid without a tick is missed; a further tick in one is doubled. In
the accounting a second counts as a task: ``lost`` is missed, ``duplicated`` has more than one tick.

Void: no tick at all. Missed and doubled ones are the finding.

A gap where the framework has no scheduler, or one by the minute.
"""

import time
from typing import NamedTuple

import numpy as np

from harness.measure.layouts import Array
from harness.measure.metrics import Metric, quantiles
from harness.measure.records import Records
from harness.measure.silence import SECOND
from harness.scenario.chart import Chart, drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

LOAD_S, LEAST_S, GRACE_S, FIRST_S = 60.0, 10.0, 10.0, 30.0
RESTARTED = ", restarted"
HOSTS = {"one scheduler": 1, "two schedulers": 2}


class Ticks(NamedTuple):
    """``seconds``: of the grid, from the first tick to the end of the load. ``missed``: those
    without a tick; ``doubled``: those with several; ``more``: ticks beyond one a second. ``late``:
    behind the grid (ns), of the first tick of each second.
    """

    seconds: int
    missed: int
    doubled: int
    more: int
    late: Array


def on_grid(starts_ns: Array, end_ns: int) -> Ticks:
    """Each tick in the second of the grid that is nearest to where the first tick would have it."""
    starts = np.sort(starts_ns)
    since = starts - starts[0]
    number = np.rint(since / SECOND).astype(np.int64)
    seconds = int(np.rint((end_ns - starts[0]) / SECOND))
    came, first, times = np.unique(number, return_index=True, return_counts=True)
    behind = since[first] - came * SECOND
    came_in_time = int(np.sum(came < seconds))
    return Ticks(
        seconds=max(seconds, len(came)),
        missed=max(0, seconds - came_in_time),
        doubled=int(np.sum(times > 1)),
        more=int(np.sum(times - 1)),
        late=behind - behind.min(),
    )


def restart_all(run: Run) -> None:
    """Each process after the other."""
    for place in range(len(run.workers.children)):
        run.workers.restart(place, GRACE_S)


class Periodic(Scenario):
    leaves = True
    proved = False
    name = "periodic"
    question = "Jobs every second by the framework's own scheduler: late, missed, doubled?"
    primary = (lower("tick_lateness_p50"), lower("tick_lateness_max"))
    charts = drawn(
        "tick_lateness_p50",
        "tick_lateness_max",
        Chart("lost", "Seconds without a tick"),
        "ticks_more",
    )

    def points(self, size: Size) -> list[Point]:
        return numbered(
            Point(
                size,
                name=name + words,
                wants={"periodic": True, "processes": 1, "units": hosts},
                options={"restart": bool(words)},
            )
            for words in ("", RESTARTED)
            for name, hosts in HOSTS.items()
        )

    def seconds(self, size: Size) -> float:
        return max(LEAST_S, LOAD_S * size.scale)

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + self.seconds(point.size)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        seconds = self.seconds(point.size)
        run.processes.until_quiet(run.tail.poll, FIRST_S, lambda: run.tail.completed("load") > 0)
        run.open_window("load")
        run.mark("begin")
        begin = time.monotonic()
        if point.options["restart"]:
            self.wait(run, begin + seconds / 3)
            restart_all(run)
        self.wait(run, begin + seconds)
        run.mark("end")
        run.close_window("load")
        run.settle()

    def wait(self, run: Run, until: float) -> None:
        """While nothing ends by itself."""
        run.processes.wait(lambda: time.monotonic() >= until, LOAD_S, "the end of the load")

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        starts = records.runs["start"]
        begin, end = run.marks["begin"], run.marks["end"]
        starts = starts[(starts >= begin) & (starts < end)]
        if not len(starts):
            return Measures([], ["no tick came"])
        ticks = on_grid(starts, end)
        once = ticks.seconds - ticks.missed - ticks.doubled
        metrics = [
            Metric("issued", ticks.seconds, "tasks"),
            Metric("completed_once", once, "tasks"),
            Metric("duplicated", ticks.doubled, "tasks"),
            Metric("lost", ticks.missed, "tasks"),
            Metric("failed", 0, "tasks"),
            Metric("ticks_more", ticks.more, "ticks"),
            *quantiles("tick_lateness", ticks.late),
        ]
        return Measures(metrics, [])


SCENARIO = Periodic()
