"""Queues whose answers are known in closed form, by our own arithmetic on records."""

import math

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.metrics import join, mean_in_system
from harness.measure.records import Records
from harness.prove.validate.found import Found

CLOSE = 2.0  # percent that a known answer may be off
LOAD, TASKS = 0.5, 1_000_000  # of M/M/1
LOOKS = 200_000


def off(found: float, expected: float) -> float:
    """How far off, in percent."""
    return 100 * abs(found / expected - 1)


def known_answer(name: str, sentence: str, *errors: float) -> Found:
    """The largest of the errors, in percent, against what it may be."""
    return Found(name, max(errors), "%", CLOSE, at_most=True, sentence=sentence)


def mm1_p99(seed: int) -> Found:
    """A million tasks of an M/M/1 queue through our reading of records."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1e6 / LOAD, TASKS))
    work = rng.exponential(1e6, TASKS)
    starts = arrivals + waits(arrivals, work)
    joined = join(records_of(arrivals, starts, starts + work))
    return known_answer(
        "M/M/1 p99 and Little's law",
        "p99 of the sojourn time is S ln 100 / (1 − load), the mean number of tasks in "
        "the system rate times mean sojourn time: the larger error",
        off(float(np.quantile(joined.sojourn, 0.99)) / 1e6, math.log(100) / (1 - LOAD)),
        off(mean_in_system(joined, LOOKS), LOAD * 1000 * joined.sojourn.mean() / 1e9),
    )


def waits(arrivals: Array, work: Array) -> Array:
    """Waiting times of one server, first come first served (Lindley 1952): task i ends at the
    largest of arrival j + work of j … i over j ≤ i.
    """
    total = np.cumsum(work)
    ends = np.maximum.accumulate(arrivals - (total - work)) + total
    waited: Array = ends - work - arrivals
    return waited


def records_of(arrivals: Array, starts: Array, ends: Array) -> Records:
    sends, runs = np.zeros(len(ends), SEND_TYPE), np.zeros(len(ends), RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(len(ends))
    sends["intended"] = sends["send"] = sends["ack"] = arrivals
    runs["start"], runs["end"] = starts, ends
    return Records(sends, runs)
