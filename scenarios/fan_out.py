"""A group of tasks, and one that follows when all have succeeded: when does it come, what is lost?

Load: groups of no-ops, one after the other, each sent by one call of the framework's own with a
callback behind it: 10 groups of 100 members, 3 of 1,000. The next is sent when the callback of the
one before has run, or nothing has come for 10 s. Primary: group time (from the call to the start of
the callback), callback wait (from the end of the last member to it), worker CPU per member.

By what the framework has: a chord (Celery, Huey), a group with a completion callback (Dramatiq), a
job that depends on others (RQ, streaQ), a workflow (Chancy). Others have none, which is a gap; so
is a broker that cannot keep the count.

Void: a member lost, duplicated or failed; a callback that starts before its group is done. A lost
callback is the finding.

A chord of Celery wants results: they are kept for this scenario alone, and their cost is in it.
"""

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import Array
from harness.measure.metrics import (
    Metric,
    accounting_metrics,
    command_metrics,
    cpu_metrics,
    join,
    quantiles,
)
from harness.measure.records import Records
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, amount, numbered
from harness.scenario.primary import WORKERS_CPU, lower
from harness.scenario.run import QUIET_S, Run
from harness.scenario.scenario import Measures, Scenario

GROUPS = {100: 10, 1_000: 3}  # by members
FEW = 10  # members of the group of the warm-up


def completed(run: Run) -> bool:
    """Whether all that was sent has run; False where nothing has come for long."""
    issued = run.producers.issued["load"]
    return run.processes.until_quiet(
        run.tail.poll, QUIET_S, lambda: run.tail.completed("load") >= issued
    )


def of_members(records: Records, members: int) -> Records:
    """Without the callbacks, the last of each group."""
    sends, runs = (r[r["seq"] % (members + 1) < members] for r in (records.sends, records.runs))
    return Records(sends, runs, records.refusal)


def by_group(records: Records, members: int) -> tuple[Array, Array, Array]:
    """When each group was sent, when its last member ended and its callback started (ns), of those
    that came so far.
    """
    joined = join(records)
    number, place = np.divmod(joined.seq, members + 1)
    done = number[place == members]
    ends = [joined.end[(number == each) & (place < members)] for each in done]
    whole = np.array([len(each) == members for each in ends], dtype=bool)
    last = np.array([each.max() for each in ends if len(each) == members], dtype=np.int64)
    return joined.send[place == members][whole], last, joined.start[place == members][whole]


class FanOut(Scenario):
    leaves = True
    name = "fan_out"
    question = "A group of tasks with a callback at the end: when does it come, is it ever lost?"
    primary = (lower("group_time_p50"), lower("callback_wait_p50"), WORKERS_CPU)
    charts = drawn(
        "group_time_p50",
        "callback_wait_p50",
        "callbacks_lost",
        "send_per_member",
        "workers_cpu_per_task",
    )

    def points(self, size: Size) -> list[Point]:
        return numbered(
            Point(size, name=amount(members, "member"), wants={"group": members})
            for members in GROUPS
        )

    def groups(self, point: Point) -> int:
        return point.size.scaled(GROUPS[point.wants["group"]])

    def expected_s(self, point: Point) -> float:
        tasks = self.groups(point) * (point.wants["group"] + 1)
        return point.size.around_s + point.size.warmup_s + point.drained_s(tasks)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        run.measure_idle(point.size.idle_s)
        run.warm_up(point.size.warmup_s)
        run.producers.send_group("warmup", FEW)
        run.wait_completed("warmup", QUIET_S)
        run.open_window("load")
        for _ in range(self.groups(point)):
            run.producers.send_group("load", point.wants["group"])
            completed(run)
        run.drain()
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        members = point.wants["group"]
        fate = account(of_members(records, members))
        sent, last, called = by_group(records, members)
        sends = records.sends[records.sends["seq"] % (members + 1) == members]
        calls = records.runs["seq"][records.runs["seq"] % (members + 1) == members]
        sending_us = float(np.median(sends["ack"] - sends["send"])) / 1e3
        early = int(np.sum(called < last))
        metrics = [
            *accounting_metrics(fate),
            Metric("callbacks_lost", len(sends) - len(np.unique(calls)), "tasks"),
            Metric("callbacks_doubled", len(calls) - len(np.unique(calls)), "tasks"),
            Metric("callbacks_early", early, "tasks"),
            *quantiles("group_time", called - sent),
            *quantiles("callback_wait", called - last),
            Metric("send_per_member", sending_us / members, "us"),
            *cpu_metrics(run.windows["load"], run.idle, fate.completed_once),
            *command_metrics(run.windows["load"], fate.completed_once),
        ]
        found = Measures(metrics, fate.complaints())
        if early:
            found.void.append(f"{amount(early, 'callback')} started before the group was done")
        return found


SCENARIO = FanOut()
