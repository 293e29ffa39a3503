"""One tenant sends 10,000 tasks, another 10: how long does the small one wait?

Load: 10,000 tasks of 1 ms by one tenant, then 10 by another, sent while every slot is held; warm
workers drain them. Primary: wait of the small tenant's tasks, median and longest, from the opening
of the gate to their start.

- *one queue*: both send to the same;
- *a queue each, big first*, *a queue each, small first*: none of the two is meant to be the more
  urgent, and workers are told so where the framework can be (``turns``). Only the order in which
  the queues are named differs: where both waits are short, the framework takes turns; where one is
  as long as in one queue, the first named comes first.

Ahead of the small one: the share of the big tenant's tasks that started before the last of the
small one's, whatever the rate: 1 when it waited for all of them.

Void: any task lost, duplicated or failed.

A queue each is a gap where a worker reads one queue, or where every queue has slots of its own.
AsyncTasQ and streaQ ask their queues in the order named, always; Celery on Redis takes turns (its
default, ``queue_order_strategy=round_robin``); RQ does by ``--dequeue-strategy round_robin``. Where
queues are a column of one table (Django, PgQueuer, Procrastinate) the oldest job of all comes
first.
"""

import numpy as np

from harness.measure.layouts import Array, calls
from harness.measure.metrics import Metric, join, quantiles
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_held, load_held
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

BIG, SMALL, NAP_US = 10_000, 10, 1_000
USUAL, OWN = "default", "small"  # queues of the big tenant and of the small one
ONE = "one queue"
EACH = {
    "a queue each, big first": [USUAL, OWN],
    "a queue each, small first": [OWN, USUAL],
}


def of_both(big: int, queues: list[str]) -> Array:
    """The tasks of the big tenant, then those of the small one (CALL_TYPE)."""
    found = calls(big + SMALL, "nap", NAP_US)
    if queues:
        found["queue"] = queues.index(USUAL)
        found["queue"][big:] = queues.index(OWN)
    return found


def ahead(starts: Array, small: Array) -> float:
    """The share of the others' starts that came before the last of ``small`` (a mask)."""
    return float(np.mean(starts[~small] < starts[small].max()))


class Fairness(Scenario):
    name = "fairness"
    question = "One tenant sends 10,000 tasks, another 10: how long does the small one wait?"
    primary = (lower("small_wait_p50"), lower("small_wait_max"))
    charts = drawn("small_wait_p50", "small_wait_max", "ahead_of_small", "drain_rate")

    def points(self, size: Size) -> list[Point]:
        each = [
            Point(size, name=name, wants={"queues": queues, "turns": True})
            for name, queues in EACH.items()
        ]
        return numbered([Point(size, name=ONE), *each])

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + point.drained_s(point.size.scaled(BIG, 300) + SMALL)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        queues = list(point.wants.get("queues", []))
        load = of_both(point.size.scaled(BIG, 300), queues)
        run.measure_idle(point.size.idle_s)
        run.warm_up_calls(calls(100 * run.topology.slots))
        run.gate.close()
        load_held(run, lambda: run.producers.send_calls("load", load, queues))
        drain_held(run)

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        found, joined = backlog_measures(run, records), join(records)
        small = joined.seq >= len(run.producers.calls["load"]) - SMALL
        if not small.any() or small.all():
            return found
        found.metrics.extend(
            [
                *quantiles("small_wait", joined.start[small] - run.marks["opened"]),
                Metric("ahead_of_small", ahead(joined.start, small), "1"),
            ]
        )
        return found


SCENARIO = Fairness()
