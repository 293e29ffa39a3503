"""Under overload the completions say what an arm sustains; below it they say what was offered."""

import math

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.metrics import overloaded_rate
from harness.measure.records import Records

SECOND = 1_000_000_000


def served(offered: float, sustained: float, seconds: float = 5.0) -> Records:
    """One server that takes 1/sustained s a task, offered tasks at even distances."""
    count = int(offered * seconds)
    sends, runs = np.zeros(count, SEND_TYPE), np.zeros(count, RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(count)
    sends["ack"] = np.arange(count) * SECOND / offered
    free = 0.0
    for number, arrival in enumerate(sends["ack"]):
        free = max(free, float(arrival)) + SECOND / sustained
        runs["end"][number] = free
    return Records(sends, runs)


def test_an_overloaded_arm_completes_what_it_sustains() -> None:
    assert overloaded_rate(served(1300, 1000), slots=2) == pytest.approx(1000, rel=0.01)


def test_an_arm_that_keeps_up_was_not_overloaded() -> None:
    assert math.isnan(overloaded_rate(served(500, 1000), slots=2))


def test_nothing_sent_says_nothing() -> None:
    nothing = Records(np.zeros(0, SEND_TYPE), np.zeros(0, RUN_TYPE))
    assert math.isnan(overloaded_rate(nothing, slots=2))
