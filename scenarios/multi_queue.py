"""Does urgent work overtake, and does anything starve?

Load: a backlog of 8,000 no-op tasks over three queues (``high``, ``default``, ``low``) in seeded
random order, drained by warm workers that listen to all three. Primary: overtaking, fairness, drain
rate.

Overtaking: the share of pairs of a ``high`` and a ``low`` task in which the urgent one started
first: 1 when all do, 0.5 when urgency does nothing. Fairness: Jain's index over the queues' tasks
among the first half of all starts (Jain, Chiu and Hawe 1984): 1 for equal parts, 1/3 when one queue
has it all. Strict urgency is unfair by design. Starvation: the longest time in which no ``low``
task started though some waited, as a share of the makespan. Misrouted: tasks that a queue held
beyond those sent to it.

Void: any task lost, duplicated or failed.

AsyncTasQ asks its queues in the order given, always. Celery takes turns unless
``queue_order_strategy`` says ``priority``, as the matched profile does; its stock command line
takes turns.
"""

import types

import numpy as np
from scipy import stats

from harness.measure.layouts import CALL_TYPE, Array, calls
from harness.measure.metrics import Metric, join, quantiles
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_held, judge_drift, load_held
from harness.scenario.chart import Chart, drawn
from harness.scenario.point import Point
from harness.scenario.primary import DRAIN_RATE, higher
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

TASKS = 8_000
QUEUES = ("high", "default", "low")


def shuffled(count: int, rng: np.random.Generator) -> Array:
    """No-op calls (CALL_TYPE), a third to each queue, in random order."""
    found = np.zeros(count, dtype=CALL_TYPE)
    found["queue"] = np.arange(count) % len(QUEUES)
    rng.shuffle(found)
    return found


def overtaking(urgent: Array, patient: Array) -> float:
    """P(urgent starts before patient) over all pairs: Mann and Whitney's U, ties counted half."""
    if not len(urgent) or not len(patient):
        return float("nan")
    u = stats.mannwhitneyu(urgent, patient).statistic
    return 1.0 - float(u) / (len(urgent) * len(patient))


def jain(shares: Array) -> float:
    """(Σx)² / (n Σx²)."""
    return float(np.sum(shares) ** 2 / (len(shares) * np.sum(shares**2)))


def longest_gap(starts: Array, begin: float) -> float:
    """The longest time without a start, from ``begin`` to the last one."""
    return float(np.max(np.diff(np.concatenate([[begin], np.sort(starts)]))))


def misrouted(load: Array, before: list[int], after: list[int]) -> int:
    """Tasks that queues hold beyond those they held before and those sent to them."""
    sent = np.bincount(load["queue"], minlength=len(QUEUES))
    return int(np.sum(np.maximum(0, np.array(after) - np.array(before) - sent)))


class MultiQueue(Scenario):
    name = "multi_queue"
    question = "Priorities and routing: does urgent work overtake, does anything starve?"
    primary = (higher("overtaking"), higher("fairness"), DRAIN_RATE)
    wants = types.MappingProxyType({"queues": list(QUEUES)})
    charts = drawn(
        "overtaking",
        "fairness",
        *(Chart(f"{q}_start_p50", f"Start after the opening, {q}, median") for q in QUEUES),
        "drain_rate",
    )

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + point.drained_s(point.size.scaled(TASKS, 300))

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        run.measure_idle(point.size.idle_s)
        run.warm_up_calls(calls(100 * run.topology.slots))
        run.gate.close()
        held = run.queues.lengths()
        load = shuffled(point.size.scaled(TASKS, 300), rng)
        load_held(run, lambda: run.producers.send_calls("load", load, QUEUES))
        run.facts["misrouted"] = float(misrouted(load, held, run.queues.lengths()))
        drain_held(run)

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        found, joined = backlog_measures(run, records), join(records)
        found.metrics.append(Metric("misrouted", run.facts["misrouted"], "tasks"))
        if run.facts["misrouted"]:
            found.void.append(f"{run.facts['misrouted']:.0f} tasks in another queue than sent to")
        queues, opened = run.producers.calls["load"]["queue"][joined.seq], run.gate.opened_ns
        starts = {q: joined.start[queues == number] for number, q in enumerate(QUEUES)}
        if any(not len(own) for own in starts.values()):
            return found
        first_half = queues[np.argsort(joined.start)][: len(queues) // 2]
        makespan = float(joined.end.max() - opened)
        found.metrics.extend(
            [
                Metric("overtaking", overtaking(starts["high"], starts["low"]), "1"),
                Metric("fairness", jain(np.bincount(first_half, minlength=len(QUEUES))), "1"),
                Metric("starvation", longest_gap(starts["low"], opened) / makespan, "1"),
            ]
        )
        for name, own in starts.items():
            found.metrics.extend(quantiles(f"{name}_start", own - opened))
        judge_drift(found, run, records)
        return found


SCENARIO = MultiQueue()
