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
behind its grid. Over a restart there is no lateness, since an interval that begins anew has another
grid, but the longest time without a tick (``tick_gap_max``).

What waits at the broker while a worker is down is executed when it is back, several ticks at once:
a further tick in a second is the late one of an empty second right before it (``ticks_late``), as
far as there are any, and one too many otherwise (``ticks_more``). Empty seconds that are left are
missed. Of two schedulers that double each tick, a further one may hide a missed one like this. In
the accounting a second counts as a task: ``lost`` is missed, ``duplicated`` has a tick too many.

Void: no tick at all. Missed and doubled ones are the finding.

A gap where the framework has no scheduler, or one by the minute.
"""

import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from harness.measure.layouts import Array
from harness.measure.metrics import Metric, quantiles
from harness.measure.records import Records
from harness.measure.silence import SECOND, longest_silence_s
from harness.scenario.chart import Chart, drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

LOAD_S, LEAST_S, GRACE_S, FIRST_S = 60.0, 10.0, 10.0, 30.0
RESTARTED = ", restarted"
HOSTS = {"one scheduler": 1, "two schedulers": 2}


class Ticks(NamedTuple):
    """``seconds``: of the grid, from the first tick to the end of the load. ``late``: ticks of
    empty seconds that came with a later one; ``missed``: seconds that none came for; ``doubled``:
    seconds with ticks too many, and ``more`` how many. ``behind``: the grid (ns), of the first tick
    of each second.
    """

    seconds: int
    late: int
    missed: int
    doubled: int
    more: int
    behind: Array


def on_grid(starts_ns: Array, end_ns: int) -> Ticks:
    """Each tick in the second of the grid that is nearest to where the first tick would have it."""
    starts = np.sort(starts_ns)
    since = starts - starts[0]
    number = np.rint(since / SECOND).astype(np.int64)
    seconds = int(np.rint((end_ns - starts[0]) / SECOND))
    came, first = np.unique(number, return_index=True)
    behind = since[first] - came * SECOND
    each = np.bincount(number, minlength=seconds)
    late, missed, beyond = 0, 0, []
    for empty, ticks in runs_of(each):
        caught_up = min(empty, max(0, ticks - 1))
        late, missed = late + caught_up, missed + empty - caught_up
        beyond.append(max(0, ticks - 1 - caught_up))
    return Ticks(
        len(each), late, missed, sum(n > 0 for n in beyond), sum(beyond), behind - behind.min()
    )


def runs_of(each: Array) -> Iterator[tuple[int, int]]:
    """Of each second with ticks, how many empty ones are right before it, and its ticks; 0 ticks
    for the empty ones at the end.
    """
    empty = 0
    for ticks in each.tolist():
        if ticks:
            yield empty, ticks
        empty = 0 if ticks else empty + 1
    yield empty, 0


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
        "tick_gap_max",
        Chart("lost", "Ticks that were missed"),
        "ticks_late",
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

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
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
            Metric("ticks_late", ticks.late, "ticks"),
            Metric("ticks_more", ticks.more, "ticks"),
            Metric("tick_gap_max", longest_silence_s(starts, int(starts.min()), end), "s"),
        ]
        if not point.options["restart"]:
            metrics += quantiles("tick_lateness", ticks.behind)
        return Measures(metrics, [])


SCENARIO = Periodic()
