"""A million tasks wait while no worker runs: what do they cost, and does the queue slow down?

Load: the workers are ended, one producer sends 1,000,000 no-op tasks (the quick size 20,000), then
the workers are started again and drain them. Whoever cannot send or drain so many within ten
minutes each (quick: 30 s) is measured by what it did. Primary: drain rate, enqueue rate, bytes a
task at the broker.

*Deep* is what was measured from 5 to 15 % of the completions, *shallow* from 85 to 95 %: rates and
CPU a task at both depths show what a dequeue costs by depth. The same of the sends tells whether
sending slows down: the first and the last tenth of them. Bytes a task are what the broker says that
it holds more than before, as ``serialization`` has it, beside the memory of its processes (PSS).

Void: any task lost, duplicated or failed. What is still at the broker when the time is over was
left, not lost: it is counted there once the workers have ended.

Every framework and every broker can do it. SQS says nothing of its memory.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from harness.measure.accounting import Account, account
from harness.measure.layouts import Array
from harness.measure.metrics import Metric, accounting_metrics, drain_rate, send_rate
from harness.measure.records import Records
from harness.measure.sampler import Usage
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size
from harness.scenario.primary import DRAIN_RATE, higher, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

TASKS = {"full": 1_000_000, "quick": 20_000}
MOST_S = {"full": 600.0, "quick": 30.0}  # of sending, and of draining
LEAST_TASKS, LEAST_S, PARTS = 200, 20.0, 20
QUIET_S = 60.0  # of a start and of the first look into a deep queue
DEEP, SHALLOW = (0.05, 0.15), (0.85, 0.95)  # of the completions
FIRST, LAST = (0.0, 0.1), (0.9, 1.0)  # of the sends
LEAST_FOR_A_RATE = 100


class BigBacklog(Scenario):
    name = "big_backlog"
    question = "A million tasks wait: what do they cost, and does the queue slow down?"
    primary = (DRAIN_RATE, higher("enqueue_rate"), lower("broker_bytes_per_task"))
    usual = False  # at full size it takes a quarter of an hour a framework
    leaves = True
    depth = True
    charts = drawn(
        "drain_rate",
        "drain_rate_deep",
        "drain_rate_shallow",
        "enqueue_rate",
        "broker_bytes_per_task",
        "broker_cpu_per_task_deep",
        "broker_cpu_per_task_shallow",
    )

    def tasks(self, size: Size) -> int:
        return TASKS.get(size.name) or size.scaled(TASKS["full"] // 100, LEAST_TASKS)

    def expected_s(self, point: Point) -> float:
        tasks, most_s = self.tasks(point.size), MOST_S.get(point.size.name, LEAST_S)
        return point.size.around_s + point.size.warmup_s + min(2 * most_s, point.drained_s(tasks))

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        most_s = MOST_S.get(point.size.name, LEAST_S)
        run.warm_up(point.size.warmup_s)
        run.workers.stop()
        before = held(run)
        fill(run, self.tasks(point.size), most_s)
        run.facts |= {name: now - before[name] for name, now in held(run).items() if name in before}
        run.open_window("load")
        run.workers.start()
        if not drained(run, most_s):
            run.workers.stop()
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        fate = with_left(account(records), run.left_in_broker or 0)
        sends, ends = np.sort(records.sends["ack"]), np.sort(records.runs["end"])
        metrics = [
            *accounting_metrics(fate),
            Metric("enqueue_rate", send_rate(records.sends), "tasks/s"),
        ]
        if "bytes" in run.facts:
            each = run.facts["bytes"] / fate.issued
            metrics.append(Metric("broker_bytes_per_task", each, "B"))
        if "pss" in run.facts:
            metrics.append(Metric("broker_pss_per_task", run.facts["pss"] / fate.issued, "B"))
        if len(sends) >= LEAST_FOR_A_RATE:
            metrics += [
                Metric("enqueue_rate_first", rate_within(sends, FIRST), "tasks/s"),
                Metric("enqueue_rate_last", rate_within(sends, LAST), "tasks/s"),
            ]
        if len(ends) >= LEAST_FOR_A_RATE:
            metrics.append(Metric("drain_rate", drain_rate(ends, run.topology.slots), "tasks/s"))
            metrics += at_depth("deep", DEEP, ends, run.sampler.usages, fate.issued)
            metrics += at_depth("shallow", SHALLOW, ends, run.sampler.usages, fate.issued)
        return Measures(metrics, fate.complaints(), said_of(fate, run.left_in_broker or 0))


def held(run: Run) -> dict[str, float]:
    """Bytes that the broker says its tasks take, and its processes' memory; what it tells."""
    usage, stored = run.sampler.look(memory=True).get("broker"), run.broker.stored()
    found = {} if stored is None else {"bytes": float(stored)}
    if usage and usage.pss_bytes:
        found["pss"] = float(usage.pss_bytes)
    return found


def fill(run: Run, tasks: int, most_s: float) -> None:
    """Send so many, part by part, or as many as there is time for."""
    begin, part = time.monotonic(), -(-tasks // PARTS)
    while run.producers.issued["load"] < tasks and time.monotonic() - begin < most_s:
        run.producers.send("load", "noop", min(part, tasks - run.producers.issued["load"]))


def drained(run: Run, most_s: float) -> bool:
    """Wait until all is done, nothing has come for long, or the time is over; whether all is."""
    deadline, issued = time.monotonic() + most_s, run.producers.issued["load"]

    def over() -> bool:
        return run.tail.completed("load") >= issued or time.monotonic() > deadline

    run.processes.until_quiet(run.tail.poll, QUIET_S, over)
    run.mark("drained")
    return run.tail.completed("load") >= issued


def with_left(fate: Account, left: int) -> Account:
    """What nobody attempted and the broker still has is not lost."""
    return replace(fate, lost=max(0, fate.lost - left))


def said_of(fate: Account, left: int) -> list[str]:
    if not left:
        return []
    return [f"{left:,} of {fate.issued:,} tasks were left at the broker when the time was over"]


def rate_within(stamps: Array, share: tuple[float, float]) -> float:
    """Stamps a second (ordered, ns) between two shares of them."""
    low, high = (round(part * (len(stamps) - 1)) for part in share)
    return float((high - low) / ((stamps[high] - stamps[low]) / 1e9))


def at_depth(
    where: str, share: tuple[float, float], ends: Array, usages: Sequence[Usage], issued: int
) -> list[Metric]:
    """Rate, and CPU a task by role, while such a share of the tasks ended (ordered stamps, ns).

    CPU is read off the samples, half a second apart: not where too few lie within.
    """
    low, high = (round(part * (len(ends) - 1)) for part in share)
    found = [
        Metric(f"depth_{where}", issued - (low + high) / 2, "tasks"),
        Metric(f"drain_rate_{where}", rate_within(ends, share), "tasks/s"),
    ]
    for role in ("workers", "broker"):
        own = [u for u in usages if u.role == role]
        at = np.array([u.at_ns for u in own])
        if np.count_nonzero((at >= ends[low]) & (at <= ends[high])) >= 2:
            begin, end = np.interp([ends[low], ends[high]], at, [u.cpu_s for u in own])
            cost = 1e6 * (end - begin) / (high - low)
            found.append(Metric(f"{role}_cpu_per_task_{where}", float(cost), "us"))
    return found


SCENARIO = BigBacklog()
