"""A worker or the broker fails in mid-load: what is lost, what repeated, how long until it is well?

Load: tasks of 5 ms, 100 a second (constant), for 30 s; after a third of it one thing fails.
Primary: time to recover, longest silence; beside them what was lost, refused and duplicated.

- *workers killed*: SIGKILL to all worker processes, children included;
- *workers asked to end*: SIGTERM to every worker command;
- *broker paused*: SIGSTOP, and SIGCONT 5 s later;
- *broker restarted*: ended, back after 1 s with everything on disk (``appendfsync always``);
- *connections cut*: the broker closes every client's connection.

Each with late acks and with early ones; the quick size has early ones for *workers killed* only.

Supervisor: a worker that ends is started again by the same command 1 s later, also while the fault
lasts. A framework that hands a dead worker's tasks out again is asked to do so after 8 s (Celery's
``visibility_timeout``; AsyncTasQ has none on Redis). When nothing has come for 20 s and tasks are
still at the broker, all workers are ended and started anew, and waited for as long again. What only
they attempt was *stranded*: it stood there while workers that seemed alive did not ask for it. What
nobody attempts is *lost*.

Time to recover: from the fault to the first completion with which a second begins in which at least
90 % of the prior rate was completed, which is the mean over the 2 s before the fault; at least 50
ms, so that two arms that recover in no time are equal. Longest silence: the longest time
without a completion after the fault. It lasts until workers were started anew, if they were, and
otherwise at least as long as tasks were still to be sent: where nothing ever comes again, it is the
rest of the load. What is lost, stranded or repeated is the finding here and voids nothing; an
unknown task does.

AsyncTasQ acknowledges late, always: early acks are a gap. A server that is no process of ours is
not paused or restarted: a gap too.
"""

import time

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import Array, calls
from harness.measure.metrics import Metric, accounting_metrics, join, quantiles
from harness.measure.records import Records
from harness.measure.silence import longest_silence_s
from harness.scenario.chart import drawn
from harness.scenario.open_loop import constant
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.producers import LEAD_S
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

RATE, NAP_US, LOAD_S, LEAST_S = 100.0, 5_000, 30.0, 9.0
# Handed out again later than the pause is long, so that a pause alone repeats nothing.
SUPERVISOR_S, PAUSE_S, REDELIVER_S, QUIET_S = 1.0, 5.0, 8, 20.0
WELL, PRIOR_S = 0.9, 2.0  # of the prior rate, which is taken over so long before the fault
NO_TIME_S = 0.05  # less is no time: a few times as long as tasks are apart
SECOND = 1_000_000_000
KILLED, ASKED, EARLY = "workers killed", "workers asked to end", ", early acks"
PAUSED, RESTARTED, CUT = "broker paused", "broker restarted", "connections cut"
FAULTS = (KILLED, ASKED, PAUSED, RESTARTED, CUT)


def fail(run: Run, fault: str) -> None:
    """Make the fault. Raises BrokerGap where the broker does not let us."""
    {
        KILLED: run.workers.kill,
        ASKED: run.workers.ask_to_end,
        PAUSED: lambda: run.pause_broker(PAUSE_S),
        RESTARTED: lambda: run.restart_broker(SUPERVISOR_S),
        CUT: run.broker.cut_connections,
    }[fault]()


def prior_rate(ends_ns: Array, fault_ns: float) -> float:
    """Completions a second over the ``PRIOR_S`` before the fault."""
    before = (ends_ns >= fault_ns - PRIOR_S * SECOND) & (ends_ns < fault_ns)
    return float(np.count_nonzero(before)) / PRIOR_S


def recovery_s(ends_ns: Array, fault_ns: float, rate: float) -> float:
    """Seconds from the fault to the first completion that begins a second with ``WELL`` of
    ``rate``, at least ``NO_TIME_S``; nan if there is none, or if there was no rate to come back to.
    """
    ends = np.sort(ends_ns[ends_ns >= fault_ns])
    if not (len(ends) and rate):
        return float("nan")
    within = np.searchsorted(ends, ends + SECOND) - np.arange(len(ends))
    well = np.flatnonzero(within >= WELL * rate)
    if not len(well):
        return float("nan")
    return max(NO_TIME_S, float(ends[well[0]] - fault_ns) / SECOND)


def lost_acknowledged(records: Records) -> int:
    """Tasks whose enqueue call returned and that nobody ever attempted. A call that raises tells
    its caller at least.
    """
    good = records.sends["seq"][records.sends["outcome"] == 0]
    return len(np.setdiff1d(good, records.runs["seq"]))


def stranded(runs: Array, given_up_ns: int) -> int:
    """Tasks first attempted after the workers were started anew."""
    before = runs["seq"][runs["start"] < given_up_ns]
    return len(np.setdiff1d(runs["seq"], before))


class Recovery(Scenario):
    leaves = True
    name = "recovery"
    question = "A worker or the broker fails in mid-load: what is lost, repeated, and for how long?"
    primary = (lower("time_to_recover"), lower("longest_silence"))
    producers = 2
    fault = True
    charts = drawn(
        "lost_acknowledged",
        "stranded",
        "refused",
        "duplicated",
        "time_to_recover",
        "longest_silence",
    )

    def points(self, size: Size) -> list[Point]:
        early = FAULTS if size.name == "full" else (KILLED,)
        return numbered(
            Point(
                size,
                name=fault + words,
                wants={"redeliver_s": REDELIVER_S, "acks": acks},
                options={"fault": fault, "durable": fault == RESTARTED},
            )
            for fault in FAULTS
            for acks, words in (("late", ""), ("early", EARLY))
            if acks == "late" or fault in early
        )

    def seconds(self, point: Point) -> float:
        return max(LEAST_S, LOAD_S * point.size.scale)

    def expected_s(self, point: Point) -> float:
        harmless = point.options["fault"] == ASKED or point.wants["acks"] == "early"
        wait_s = 0.0 if harmless else 1.25 * QUIET_S  # for what does not come back
        return point.size.around_s + point.size.warmup_s + self.seconds(point) + wait_s

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        seconds = self.seconds(point)
        count = int(RATE * seconds)

        def meanwhile() -> None:
            due = time.monotonic() + LEAD_S + seconds / 3
            run.processes.wait(lambda: time.monotonic() >= due, seconds, "the fault")
            run.mark("fault")
            run.workers.supervised(lambda: fail(run, point.options["fault"]))

        run.warm_up(point.size.warmup_s)
        run.workers.supervise(SUPERVISOR_S)
        run.open_window("load")
        load = calls(count, "nap", NAP_US, constant(RATE, count))
        run.producers.send_schedule("load", load, meanwhile=meanwhile)
        if not run.drain(quiet_s=QUIET_S) and run.queues.depth().total:
            run.mark("given_up")
            run.workers.stop()
            run.workers.start()
            run.drain(quiet_s=QUIET_S)
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        fate, fault = account(records), run.marks["fault"]
        given_up = run.marks.get("given_up", np.iinfo(np.int64).max)
        ends = records.runs["end"][records.runs["end"] < given_up]
        until = run.marks.get("given_up", int(records.sends["intended"].max()))
        prior = prior_rate(ends, fault)
        metrics = [
            *accounting_metrics(fate),
            Metric("lost_acknowledged", lost_acknowledged(records), "tasks"),
            Metric("stranded", stranded(records.runs, given_up), "tasks"),
            Metric("fault_after", (fault - int(records.sends["send"].min())) / SECOND, "s"),
            Metric("time_to_recover", recovery_s(ends, fault, prior), "s"),
            Metric("prior_rate", prior, "tasks/s"),
            Metric("longest_silence", longest_silence_s(ends, fault, until), "s"),
            Metric("revived", run.workers.revived, "workers"),
            *quantiles("sojourn", join(records).sojourn),
        ]
        return Measures(metrics, [f"unknown: {fate.unknown} tasks"] if fate.unknown else [])


SCENARIO = Recovery()
