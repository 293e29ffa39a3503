"""How many no-op tasks a second do the workers drain, and what CPU does one cost?

Load: every slot is held by a gate task while one producer sends the backlog (enqueue rate with
workers off), then the gate opens and warm workers drain it. A closed-loop warm-up before it gives
the enqueue rate with workers on. Primary: drain rate, worker CPU per task, enqueue rate.

The backlog fits the arm: the size's own, or what the rate of the warm-up drains in a stated time.
Where the drain quickens or slows down, two depths are held in turns, a half and a twentieth of
the backlog, refilled as the workers drain. If the rates there differ as the drain did, the rate
depends on the depth, and is given at each.

Void: any task lost, duplicated or failed; no steady state of the drain that depth does not explain;
more or fewer tasks in flight than asked.

Every framework can do all of it, and so can the broker's client alone (``raw``).
"""

import types

import numpy as np

from harness.measure.metrics import Metric, cpu_metrics, cpu_totals, live_rate
from harness.measure.records import Records
from harness.measure.turns import cpu_within
from harness.scenario.backlog import (
    LEAST_FOR_A_RATE,
    backlog_measures,
    drain_live,
    judge_drift,
    unsteady,
)
from harness.scenario.chart import Chart, drawn
from harness.scenario.depths import hold_depths, judge_depth
from harness.scenario.point import Point, fitting
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU, higher
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario


class Throughput(Scenario):
    name = "throughput"
    question = "How many no-op tasks a second do the workers drain, and what CPU does one cost?"
    primary = (DRAIN_RATE, WORKERS_CPU, higher("enqueue_rate"))
    trials = types.MappingProxyType({"full": 3, "quick": 2})
    profiled = ("",)
    turns = True
    by_broker = drawn(
        "drain_rate",
        Chart("enqueue_rate", "Enqueue rate, workers held"),
        "workers_cpu_per_task",
        "broker_cpu_per_task",
        "broker_commands_per_task",
        "broker_traffic_per_task",
        "broker_wal_per_task",
    )

    def expected_s(self, point: Point) -> float:
        tasks = point.backlog or fitting(point.known_rate, point.size)
        return point.size.around_s + 1.5 * point.size.warmup_s + point.drained_s(tasks)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        drain_live(
            run, point, lambda: run.producers.send("load", "noop", run.fitting_backlog(point))
        )
        if point.size.hold_s and not run.turns and unsteady(run):
            hold_depths(run, run.fitting_backlog(point), point.size)

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = backlog_measures(run, records)
        if len(records.runs) >= LEAST_FOR_A_RATE:
            warm = Records.read(run.folder.records, "warmup")
            live = live_rate(warm, run.topology.slots)
            found.metrics.extend(
                [
                    Metric("enqueue_rate_live", len(warm.sends) / run.warmup_send_s, "tasks/s"),
                    Metric("drain_rate_live", live, "tasks/s"),
                    *producer_cpu(run, len(records.sends)),
                ]
            )
        judge_drift(found, run, records)
        judge_depth(found, run)
        return found.of(point)


def producer_cpu(run: Run, issued: int) -> list[Metric]:
    """The producer works before the drain: its CPU is that of the enqueue window."""
    if own := run.turns.get("enqueue"):
        metrics = cpu_totals(cpu_within(own), issued)
    else:
        metrics = cpu_metrics(run.windows["enqueue"], run.idle, issued)
    return [Metric(f"enqueue_{m.name}", m.value, m.unit) for m in metrics if "producer" in m.name]


SCENARIO = Throughput()
