"""Delayed tasks and retries: how late, how exact?

Load: 1,000 no-op tasks, 50 a second, each to be started 1, 5 or 10 s after its send; and 200 tasks
that fail twice and are tried again after 1 s and then after 2 s. Primary: lateness p50 and p90.

Lateness is the start minus the time it was due: send plus delay, or the end of the failed attempt
plus the back-off. A start before that is early, and counted. Retries of a task that succeeded twice
have no lateness: it is counted as duplicated.

Void: any task lost (never delivered), duplicated or failed for good; a task started early.

AsyncTasQ takes whole seconds; its stock command line tries again after 60 s and cannot be told
otherwise (a gap). Celery: ``countdown``, and ``autoretry_for`` with ``retry_backoff``.
"""

import numpy as np

from harness.measure.accounting import OK, account
from harness.measure.layouts import Array, calls
from harness.measure.metrics import Metric, accounting_metrics, cpu_above_idle, join, quantiles
from harness.measure.records import Records
from harness.scenario.chart import drawn
from harness.scenario.open_loop import constant
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.run import QUIET_S, Run
from harness.scenario.scenario import Measures, Scenario

TASKS, RATE, RETRIED, BACK_OFF_S, FAILURES = 1_000, 50.0, 200, 1, 2
RETRY = "retry after 1 s, then 2 s"
EARLY_NS = 1_000_000  # clocks of delays are milliseconds at best


class Scheduling(Scenario):
    name = "scheduling"
    question = "Delayed tasks and retries: how late, how exact?"
    primary = (lower("lateness_p50"), lower("lateness_p90"))
    work = ("tasks/work.py",)
    producers = 2
    charts = drawn("lateness_p50", "lateness_p90", "lateness_max")

    def points(self, size: Size) -> list[Point]:
        delays = [Point(size, name=f"delay {s} s", options={"delay_s": s}) for s in (1, 5, 10)]
        return numbered([*delays, Point(size, name=RETRY, wants={"retry_s": BACK_OFF_S})])

    def expected_s(self, point: Point) -> float:
        delay_s = point.options.get("delay_s", 4)
        load_s = point.size.scaled(TASKS, 100) / RATE + float(delay_s)
        return point.size.around_s + point.size.warmup_s + load_s

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        run.measure_idle(point.size.idle_s)
        run.warm_up(point.size.warmup_s)
        run.open_window("load")
        if delay_s := int(point.options.get("delay_s", 0)):
            count = point.size.scaled(TASKS, 100)
            load = calls(count, offsets_ns=constant(RATE, count))
            load["delay_ms"] = 1000 * delay_s
            run.producers.send_schedule("load", load)
            run.drain(quiet_s=QUIET_S + delay_s)
        else:
            count = point.size.scaled(RETRIED, 40)
            load = calls(count, "flaky", FAILURES, constant(RATE, count))
            run.producers.send_schedule("load", load)
            run.drain(quiet_s=QUIET_S + BACK_OFF_S * 2**FAILURES, succeeded=True)
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        fate = account(records)
        metrics, void = accounting_metrics(fate), fate.complaints()
        delay_s = int(point.options.get("delay_s", 0))
        late = late_delays(records, delay_s) if delay_s else late_retries(records)
        early = int(np.sum(late < -EARLY_NS))
        metrics += [
            Metric("early", early, "tasks"),
            *quantiles("lateness", late),
            *cpu_above_idle(run.windows["load"], run.idle, fate.completed_once),
        ]
        if early:
            void.append(
                f"{early} of {len(late)} starts were early, by up to {-late.min() / 1e6:.1f} ms"
            )
        return Measures(metrics, void)


def late_delays(records: Records, delay_s: int) -> Array:
    """Start minus (send plus delay) of every completed task, in ns."""
    joined = join(records)
    late: Array = joined.start - joined.send - delay_s * 1_000_000_000
    return late


def late_retries(records: Records) -> Array:
    """Start of each further attempt minus (end of the one before plus its back-off), in ns.

    The back-off doubles with every failure: 1 s after the first, 2 s after the second. Tasks that
    succeeded twice are left out: the account has them, and which of their attempts is a retry of
    which, no record says.
    """
    runs = records.runs  # by sequence number, then start
    succeeded, times = np.unique(runs["seq"][runs["outcome"] == OK], return_counts=True)
    runs = runs[~np.isin(runs["seq"], succeeded[times > 1])]
    again = np.flatnonzero(runs["seq"][1:] == runs["seq"][:-1]) + 1
    first = np.searchsorted(runs["seq"], runs["seq"], side="left")
    failures = again - first[again]
    back_off = BACK_OFF_S * 2 ** (failures - 1) * 1_000_000_000
    late: Array = runs["start"][again] - runs["end"][again - 1] - back_off
    return late


SCENARIO = Scheduling()
