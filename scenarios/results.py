"""Send a task and wait for its result: how long, what does storing it cost, and does it go away?

Load: *1 caller*, *10* and *100 callers* of one client send a no-op task, wait for its result by the
framework's own call, and send the next: 500, 2,000 and 5,000 tasks. *not stored* and *stored*: a
backlog is drained by warm workers, without results and with them, which nobody asks for. Primary:
round trip p50 and p90, worker CPU per task.

Round trip is from the call that sends to the result in the caller's hands; a result is the task's
number, and another one voids the trial. Return is the part of it from the end of the body on.
Callers are coroutines of one event loop, or threads, as the framework's client is. What storing
costs is the difference between *stored* and *not stored*.

A result is to be kept for a minute (quick: ten seconds), where the framework can be told. Bytes
left a task are what the broker holds more after the drain than before the load, divided by the
tasks: what *not stored* leaves is the queue's own, the difference is the result's. Kept after
expiry is the share of the entries (keys, rows) that are still there five seconds after their time,
of those that warm-up and load left.

Void: any task lost, duplicated or failed; a result that is not the task's, or did not come in 60 s.

AsyncTasQ and the others without a result backend have a gap. What keeps results elsewhere than on
the trial's one server has one too: Celery on SQS, Dramatiq and taskiq on RabbitMQ. Huey keeps a
result until it is read, whatever we ask, all of them in one entry of Redis; Celery's tables are
emptied by ``celery beat`` only.
"""

import time

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import Array
from harness.measure.metrics import Metric, accounting_metrics, cpu_above_idle, join, quantiles
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_live, judge_drift
from harness.scenario.chart import Chart, drawn
from harness.scenario.point import Point, Size, amount, numbered
from harness.scenario.primary import WORKERS_CPU, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

CALLS = {1: 500, 10: 2_000, 100: 5_000}  # by callers
LEAST_CALLS = 50
FULL_KEPT_S, KEPT_S, LATER_S = 60, 10, 5.0
STORED, NOT_STORED = "stored", "not stored"
ROUND_TRIPS = tuple(amount(n, "caller") for n in CALLS)


def kept_s(size: Size) -> int:
    """Seconds that results are to be kept."""
    return FULL_KEPT_S if size.name == "full" else KEPT_S


class Results(Scenario):
    name = "results"
    question = "Send a task and wait for its result: how long, and what does storing it cost?"
    primary = (lower("round_trip_p50"), lower("round_trip_p90"), WORKERS_CPU)
    charts = drawn(
        Chart("round_trip_p50", points=ROUND_TRIPS),
        Chart("round_trip_p90", points=ROUND_TRIPS),
        Chart("call_rate", points=ROUND_TRIPS),
        Chart("drain_rate", points=(NOT_STORED, STORED)),
        Chart("workers_cpu_per_task", points=(NOT_STORED, STORED)),
        Chart("left_bytes_per_task", points=(NOT_STORED, STORED)),
        Chart("results_kept", points=(STORED,)),
    )

    def points(self, size: Size) -> list[Point]:
        wants = {"results": kept_s(size)}
        callers = [
            Point(size, name=name, wants=wants, options={"callers": number})
            for name, number in zip(ROUND_TRIPS, CALLS, strict=True)
        ]
        stored = Point(size, name=STORED, wants=wants)
        return numbered([*callers, Point(size, name=NOT_STORED), stored])

    def calls(self, point: Point) -> int:
        """Tasks that callers send; 0 where there are none."""
        callers = int(point.options.get("callers", 0))
        return point.size.scaled(CALLS[callers], LEAST_CALLS + callers) if callers else 0

    def expected_s(self, point: Point) -> float:
        if calls := self.calls(point):
            return point.size.around_s + calls / 100
        kept = kept_s(point.size) + LATER_S if point.wants else 0.0
        tasks = point.backlog or point.size.tasks
        return point.size.around_s + point.size.warmup_s + point.drained_s(tasks) + kept

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        if calls := self.calls(point):
            callers = int(point.options["callers"])
            run.measure_idle(point.size.idle_s)
            run.producers.call("warmup", "noop", LEAST_CALLS + callers, callers)
            run.open_window("load")
            run.producers.call("load", "noop", calls, callers)
            run.drain()
            run.close_window("load")
            run.settle()
            return
        before = run.broker.keys()
        drain_live(run, point, lambda: send(run, point))
        if (held := run.broker.stored()) is not None:
            run.facts["bytes_after"] = float(held)
        if point.wants:
            look_again(run, before, kept_s(point.size))

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        if not self.calls(point):
            found = backlog_measures(run, records)
            judge_drift(found, run, records)
            found.metrics.extend(left_behind(run, len(records.sends)))
            return found
        fate, joined = account(records), join(records)
        metrics = accounting_metrics(fate)
        if len(joined.seq):
            metrics += [
                Metric("call_rate", rate_of(records.sends), "tasks/s"),
                *quantiles("round_trip", joined.ack - joined.send),
                *quantiles("return", joined.ack - joined.end),
                *quantiles("wait", joined.start - joined.send),
                *cpu_above_idle(run.windows["load"], run.idle, fate.completed_once),
            ]
        return Measures(metrics, fate.complaints())


def send(run: Run, point: Point) -> None:
    """The backlog, and what the broker holds before there is any of it."""
    if (held := run.broker.stored()) is not None:
        run.facts["bytes_before"] = float(held)
    run.producers.send("load", "noop", run.fitting_backlog(point))


def look_again(run: Run, before: int | None, kept: int) -> None:
    """What drained tasks have left, at once and after the time of their results."""
    entries = run.broker.keys()
    if before is None or entries is None:
        return
    run.facts["entries_left"] = float(entries - before)
    time.sleep(kept + LATER_S)
    run.processes.check_alive()
    later = run.broker.keys()
    if later is not None:
        run.facts["entries_kept"] = float(max(0, later - before))


def left_behind(run: Run, tasks: int) -> list[Metric]:
    """Bytes that tasks left, entries of their results, and how many of these outlive their time."""
    facts, found = run.facts, []
    if tasks and {"bytes_before", "bytes_after"} <= set(facts):
        each = (facts["bytes_after"] - facts["bytes_before"]) / tasks
        found.append(Metric("left_bytes_per_task", each, "B"))
    if facts.get("entries_left", 0) > 0:
        found.append(Metric("results_left", facts["entries_left"], "entries"))
        kept = facts.get("entries_kept", float("nan")) / facts["entries_left"]
        found.append(Metric("results_kept", kept, "1"))
    return found


def rate_of(sends: Array) -> float:
    """Calls a second, from the first call to the last result."""
    return float(len(sends) / ((sends["ack"].max() - sends["send"].min()) / 1e9))


SCENARIO = Results()
