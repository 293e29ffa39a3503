"""An order runs through four steps: how long does it take, and is everything done exactly once?

Load: 2,000 orders, 25 a second (Poisson). Validate (parse 16 kB of JSON), charge (wait 5 ms; 5 %
are refused once and tried again after 1 s), e-mail (wait 2 ms), inventory (parse again): each step
is a task that sends the next by the framework's own call, as its last act. Primary: sojourn p50 and
p90 and worker CPU, all of an order: from its intended time to the end of its last step.

Void: as in ``latency``, an order being the task there; a step lost, duplicated or failed for good;
a charge that took effect twice or never.

AsyncTasQ has no chains; Celery has (``chain``), but a chain cannot decide on its way, so both send
on from within. The stock command line of AsyncTasQ tries again after 60 s and cannot be told
otherwise (a gap).
"""

import types

import numpy as np

from harness.measure.accounting import OK, account
from harness.measure.charges import charges
from harness.measure.layouts import Array, calls
from harness.measure.metrics import Metric, join, quantiles
from harness.measure.records import Records
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import latency_undefined, open_loop_measures, poisson
from harness.scenario.point import Point
from harness.scenario.primary import SOJOURN_P50, WORKERS_CPU, lower
from harness.scenario.run import QUIET_S, Run
from harness.scenario.scenario import Measures, Scenario

ORDERS, WARM, RATE, REFUSED, BACK_OFF_S, STEPS = 2_000, 40, 25.0, 0.05, 1, 4
CHARGE = 1  # which step


def orders(count: int, rng: np.random.Generator) -> Array:
    """First steps (CALL_TYPE) at random times; the argument is how often the charge is refused."""
    found = calls(count, "validate", offsets_ns=poisson(RATE, count, rng))
    found["arg"][rng.permutation(count)[: round(REFUSED * count)]] = 1
    return found


def as_tasks(records: Records) -> Records:
    """Orders as if each were one task: the send of its first step, from the start of that one to
    the end of the last. An order whose last step was done twice has two runs, unfinished ones none.
    """
    sends = records.sends[records.sends["seq"] % STEPS == 0].copy()
    good = records.runs[records.runs["outcome"] == OK]
    begun = good[good["seq"] % STEPS == 0]
    runs = good[good["seq"] % STEPS == STEPS - 1].copy()
    place = np.searchsorted(begun["seq"], runs["seq"] - (STEPS - 1))
    runs["start"] = begun["start"][np.minimum(place, len(begun) - 1)] if len(begun) else 0
    sends["seq"] //= STEPS
    runs["seq"] //= STEPS
    return Records(sends, runs)


class Pipeline(Scenario):
    name = "pipeline"
    question = "An order in four steps: how long end to end, and is all of it done exactly once?"
    primary = (SOJOURN_P50, lower("sojourn_p90"), WORKERS_CPU)
    work = ("tasks/work.py", "tasks/orders.py", "tasks/onward.py")
    producers = 2
    wants = types.MappingProxyType({"onward": True, "retry_s": BACK_OFF_S})
    charts = drawn(
        Chart("sojourn_p50", "An order end to end, median"),
        Chart("sojourn_p90", "An order end to end, p90"),
        "retried_sojourn_p50",
        Chart("workers_cpu_per_task", "CPU an order, workers"),
    )

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + (WARM + point.size.scaled(ORDERS, 100)) / RATE

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        before, during = rng.spawn(2)
        run.measure_idle(point.size.idle_s)
        warm = calls(WARM, "validate", offsets_ns=poisson(RATE, WARM, before))
        run.warm_up_schedule(warm, steps=STEPS)
        run.open_window("load")
        load = orders(point.size.scaled(ORDERS, 100), during)
        run.producers.send_schedule("load", load, steps=STEPS)
        run.drain(quiet_s=QUIET_S + BACK_OFF_S, succeeded=True)
        run.close_window("load")
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        whole = as_tasks(records)
        found, joined = open_loop_measures(run, whole, RATE, pauses=True), join(whole)
        steps, effects = account(records), charges(run.folder.records)
        refused = run.producers.calls["load"]["arg"][joined.seq] > 0
        retries = len(records.runs) - len(np.unique(records.runs["seq"]))
        twice = sum(times > 1 for times in effects.values())
        never = len(whole.sends) - len(effects)
        found.metrics.extend(
            [
                Metric("steps_done", steps.completed_once, "tasks"),
                Metric("retries", retries, "tasks"),
                Metric("charged_twice", twice, "tasks"),
                Metric("never_charged", never, "tasks"),
            ]
        )
        if not latency_undefined(found):
            found.metrics.extend(quantiles("retried_sojourn", joined.sojourn[refused]))
        found.void.extend([f"step {complaint}" for complaint in steps.complaints()])
        if twice or never:
            found.void.append(f"{twice} orders were charged more than once, {never} never")
        return found


SCENARIO = Pipeline()
