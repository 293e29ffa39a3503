"""Trials of the stub whose answers are known: closed forms, and queues with defects."""

import numpy as np

from harness.measure.layouts import Array
from harness.prove.validate.found import Found
from harness.prove.validate.queues import LOAD, known_answer, off, waits
from harness.prove.validate.session import SMALL, VIRTUAL, ValidateSession
from harness.scenario.point import Point
from harness.store.database import open_database
from harness.store.queries import sql

CAPACITY = 1000.0  # tasks/s, of the stub's virtual service
MANY = 2_000_000  # arrivals of the recursion alone
STALL = {"stall_at_ns": 5_000_000_000, "stall_ns": 1_000_000_000}
STALLED_MS = {"p50": 1.0, "p90": 1.1, "p99": 901.0, "max": 1001.0}
BACKLOG, EVERY = 3_000, 1_000
DEFECTS = {
    "drop_every": "lost",
    "duplicate_every": "duplicated",
    "fail_every": "failed",
    "swap_every": "inversions",  # all done, in another order
}


def stalled_queue(session: ValidateSession) -> Found:
    options = {"arrivals": "constant", "clock": "virtual", "count": 10_000}
    point = Point(SMALL, 1.0, 500.0, options)
    metrics = session.trial(session.stub_arm(**VIRTUAL, **STALL), "latency", point).metrics
    return known_answer(
        "stalled queue",
        "500 tasks/s, 1 ms service, a stop of 1 s: p50, p90, p99, max are 1.0, 1.1, 901, "
        "1001 ms: the largest error",
        *(off(metrics[f"sojourn_{q}"], value) for q, value in STALLED_MS.items()),
    )


def md1_wait(session: ValidateSession) -> Found:
    """The mean of 40,000 waits scatters by 2 % about the closed form, so the trial is held
    against the recursion over its own arrivals, and the recursion against the closed form.
    """
    rng = np.random.default_rng(session.seed)
    point = Point(SMALL, LOAD, CAPACITY, {"clock": "virtual", "count": 40_000})
    outcome = session.trial(session.stub_arm(**VIRTUAL), "latency", point)
    metrics = outcome.metrics
    arrivals = intended_ms(session, outcome.trial.trial_id)
    long = np.cumsum(rng.exponential(1 / LOAD, MANY))
    return known_answer(
        "M/D/1 mean wait and Little's law",
        "the stub at half load in virtual time against Lindley's recursion over its "
        "arrivals, that against load S / 2 (1 − load), and Little's law: the largest error",
        off(metrics["wait_mean"], mean_wait(arrivals)),
        off(mean_wait(long), LOAD / (2 * (1 - LOAD))),
        off(metrics["mean_in_system"], LOAD * metrics["sojourn_mean"]),
    )


def intended_ms(session: ValidateSession, trial_id: str) -> Array:
    """When the tasks of a trial were meant to be sent."""
    with open_database(session.scratch, read_only=True) as connection:
        found = connection.execute(sql("intended_times"), {"trial": trial_id}).fetchnumpy()
    arrivals: Array = found["intended_ns"] / 1e6
    return arrivals


def mean_wait(arrivals_ms: Array) -> float:
    """Of tasks that take 1 ms each."""
    return float(waits(arrivals_ms, np.ones(len(arrivals_ms))).mean())


def accounting(session: ValidateSession) -> Found:
    wrong = 0.0
    point = Point(SMALL, backlog=BACKLOG)
    for defect, name in DEFECTS.items():
        arm = session.stub_arm(**{defect: EVERY}, processes=1)
        metrics = session.trial(arm, "throughput", point).metrics
        faults = BACKLOG // EVERY
        once = BACKLOG if name == "inversions" else BACKLOG - faults
        wrong += abs(metrics[name] - faults) + abs(metrics["completed_once"] - once)
    return Found(
        "accounting",
        wrong,
        "faults",
        0,
        at_most=True,
        sentence="queues that drop, double, fail or swap one of 1,000 tasks: tasks counted wrongly",
    )
