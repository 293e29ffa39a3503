"""Hours of steady load: does anything drift, does anything leak?

Load: 100 no-op tasks a second at equal distances, for as long as ``nox -s soak -- --hours H`` says.
Every minute is a schedule of its own, so that between two of them nothing is sent for 0.2 s (the
producers' lead) and the time that a checkpoint takes. A checkpoint a minute keeps what that minute
was like; it is stored whatever becomes of the trial.
Primary: the slopes, an hour, of median sojourn time, worker memory and broker keys.

Halfway the workers are started anew, and warmed up. A slope is Theil and Sen's of each half, the
median of the slopes between all pairs of its checkpoints, with a 95 % interval by as many
checkpoints as are worth independent ones; the first of a half is left out, since a young process
still grows. What is given is the mean of both slopes and the span of both intervals: something
grows where it lies above zero, so where both halves say so. Of series that do not grow (1,500
simulated halves of 6 to 119 minutes, lag-1 correlation 0 to 0.9) at most 4 % of the halves said so
alone, and 0.3 % of the pairs.

In pieces (``--max-time``) each has a server and workers of its own, and none is started anew
halfway: there a slope is of the one piece, and ``nox -s query -- soak`` says what all agree on.

Void: any task lost, duplicated or failed; a backlog that grows; a late load generator. Drift voids
nothing: it is the question.

Every framework can do all of it. Where a broker does not say what keys and memory it holds, their
slopes are missing.
"""

from dataclasses import dataclass

import numpy as np

from harness.measure.layouts import calls
from harness.measure.metrics import Metric, join, quantiles
from harness.measure.records import Records
from harness.measure.sampler import Usage
from harness.measure.slopes import LEAST_FOR_SLOPE, agreed, theil_sen
from harness.measure.underway import Underway
from harness.measure.validity import UNSTEADY
from harness.scenario.chart import drawn
from harness.scenario.open_loop import constant, open_loop_measures
from harness.scenario.point import Point, Size
from harness.scenario.primary import lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

RATE, MINUTE_S, MINUTES, FEW_MINUTES = 100.0, 60.0, 10, 2
HOUR_S = 3600.0
# What may drift: name of the checkpoint's metric and its unit.
DRIFTING = {
    "sojourn_p50": "ms",
    "workers_pss": "bytes",
    "workers_descriptors": "descriptors",
    "broker_keys": "keys",
    "broker_memory": "bytes",
}


@dataclass
class Minute:
    """What a checkpoint says, from what happened since the one before."""

    run: Run
    underway: Underway
    before: Usage

    def look(self) -> list[Metric]:
        run, joined = self.run, join(self.underway.ended())
        now = run.sampler.look(memory=True)["workers"]
        seconds = (now.at_ns - self.before.at_ns) / 1e9
        keys, memory = run.broker.keys(), run.broker.memory()
        found = [
            *quantiles("sojourn", joined.sojourn),
            Metric("completed", len(joined.seq), "tasks"),
            Metric("unfinished", self.underway.unfinished, "tasks"),
            Metric("workers_cpu_rate", (now.cpu_s - self.before.cpu_s) / seconds, "cores"),
            Metric("workers_pss", float(now.pss_bytes or 0), "bytes"),
            Metric("workers_descriptors", run.sampler.descriptors("workers"), "descriptors"),
        ]
        if keys is not None and memory is not None:  # the broker says it
            found += [Metric("broker_keys", keys, "keys"), Metric("broker_memory", memory, "bytes")]
        self.before = now
        return found


def slopes(checkpoints: list[dict[str, float]], minute_s: float, first: int | None) -> list[Metric]:
    """Slope an hour of everything that may drift, with its 95 % interval; ``first``: checkpoints
    before the workers were started anew, None where they were not.
    """
    halves = [checkpoints[1:]]
    if first is not None:
        halves = [checkpoints[1:first], checkpoints[first + 1 :]]
    found = []
    for drifting, unit in DRIFTING.items():
        known = [[c[drifting] for c in half if drifting in c] for half in halves]
        if any(len(v) < max(LEAST_FOR_SLOPE, len(h)) for v, h in zip(known, halves, strict=True)):
            continue
        slope = agreed([theil_sen(values, HOUR_S / minute_s) for values in known])
        found += [
            Metric(f"{drifting}_slope", slope.value, f"{unit}/h"),
            Metric(f"{drifting}_slope_low", slope.low, f"{unit}/h"),
            Metric(f"{drifting}_slope_high", slope.high, f"{unit}/h"),
        ]
    return found


def halfway(point: Point) -> int | None:
    """After how many minutes the workers are started anew; None where this is one of pieces."""
    return int(point.options["minutes"]) // 2 if point.options.get("anew", True) else None


def start_anew(run: Run, point: Point) -> Usage:
    """End the workers when all is done, start and warm up others; what these used so far."""
    run.drain()
    run.settle()
    run.workers.stop()
    run.workers.start()
    run.warm_up(point.size.warmup_s)
    return run.sampler.look(memory=True)["workers"]


class Soak(Scenario):
    name = "soak"
    question = "Hours of steady load: does anything drift, does anything leak?"
    primary = (lower("sojourn_p50_slope"), lower("workers_pss_slope"), lower("broker_keys_slope"))
    usual = False
    charts = drawn("sojourn_p50", "workers_cpu_per_task")

    def points(self, size: Size) -> list[Point]:
        minutes = MINUTES if size.scale == 1 else FEW_MINUTES
        return [Point(size, options={"minutes": minutes, "rate": RATE})]

    def expected_s(self, point: Point) -> float:
        each = float(point.options.get("minute_s", MINUTE_S))
        return 20 + point.size.warmup_s + int(point.options["minutes"]) * (each + 0.5)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        rate, each = float(point.options["rate"]), float(point.options.get("minute_s", MINUTE_S))
        count = max(1, round(rate * each))
        run.measure_idle(point.size.idle_s)
        run.warm_up(point.size.warmup_s)
        run.open_window("load")
        before = run.sampler.look(memory=True)["workers"]
        minute = Minute(run, Underway(run.folder.records), before)
        minutes = int(point.options["minutes"])
        for number in range(minutes):
            if number and number == halfway(point):
                minute.before = start_anew(run, point)
            run.producers.send_schedule("load", calls(count, offsets_ns=constant(rate, count)))
            run.checkpoint(minute.look())
        run.drain()
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = open_loop_measures(run, records, float(point.options["rate"]))
        found.metrics.extend(
            slopes(
                run.checkpoints,
                float(point.options.get("minute_s", MINUTE_S)),
                halfway(point),
            )
        )
        found.remarks.extend([reason for reason in found.void if reason.startswith(UNSTEADY)])
        found.void[:] = [reason for reason in found.void if not reason.startswith(UNSTEADY)]
        return found


SCENARIO = Soak()
