"""A user's own task at a user's own times: how long does it take in every arm, what does it cost?

Load: the file's rate as Poisson arrivals, or its time stamps as they are, open loop. Primary:
sojourn p50 and p90, worker CPU per task. Void: as in ``latency``, and any task that raised.
"""

import math

import numpy as np

from harness.cli.workload import LEAST_STAMPS, Workload
from harness.measure.layouts import Array, calls
from harness.measure.records import Records
from harness.scenario.open_loop import open_loop_measures, poisson
from harness.scenario.point import Point, Size
from harness.scenario.primary import SOJOURN_P50, WORKERS_CPU, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

NAME = "workload"
LEAST_TASKS = 110  # a p90 takes 100
LEAST_WARM = 10  # so that every worker has imported the file


class OwnWorkload(Scenario):
    name = NAME
    question = "How long does a task of the user's take, and what does it cost?"
    primary = (
        SOJOURN_P50,
        lower("sojourn_p90"),
        WORKERS_CPU,
    )
    producers = 2
    usual = False

    def __init__(self, asked: Workload) -> None:
        self.asked = asked
        self.work = (str(asked.path), "tasks/own.py")

    def points(self, size: Size) -> list[Point]:
        asked = self.asked
        name = f"{asked.rate:g} tasks/s" + (" by time stamps" if asked.arrivals else "")
        options = {"arrivals": asked.arrivals_digest}
        return [Point(size, name=name, options=options, wants=asked.wants)]

    def expected_s(self, point: Point) -> float:
        load_s = max(point.size.load_s, LEAST_TASKS / self.asked.rate, *self.asked.arrivals[-1:])
        return point.size.around_s + point.size.warmup_s + load_s

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        before, during = rng.spawn(2)
        warm = max(LEAST_WARM, math.ceil(self.asked.rate * point.size.warmup_s))
        run.measure_idle(point.size.idle_s)
        run.warm_up_schedule(own_calls(poisson(self.asked.rate, warm, before)))
        offsets = self.offsets(point.size, during)
        run.open_window("load")
        run.producers.send_schedule("load", own_calls(offsets))
        run.drain()
        run.close_window("load")
        run.settle()

    def offsets(self, size: Size, rng: np.random.Generator) -> Array:
        """When tasks arrive, ns; of time stamps all in full size, else the first."""
        if not self.asked.arrivals:
            count = max(LEAST_TASKS, math.ceil(self.asked.rate * size.load_s))
            return poisson(self.asked.rate, count, rng)
        stamps = np.array(self.asked.arrivals)
        early = int((stamps <= size.load_s).sum()) if size.scale < 1 else len(stamps)
        found: Array = (1e9 * stamps[: max(LEAST_STAMPS, early)]).astype(np.int64)
        return found

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        return open_loop_measures(run, records, self.asked.rate)


def own_calls(offsets: Array) -> Array:
    """Calls of the user's task, with its arguments by number."""
    found = calls(len(offsets), "own", offsets_ns=offsets)
    found["arg"] = np.arange(len(offsets))
    return found
