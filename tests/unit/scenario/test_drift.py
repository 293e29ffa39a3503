"""A drain that quickens voids a trial, and in turns it is a remark."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.measure.turns import Turn
from harness.scenario.backlog import judge_drift
from harness.scenario.scenario import Measures

SECOND = 1_000_000_000
TASKS = 4_000


def quickening() -> Records:
    """It ends its first task in 2 ms and its last in 0.5 ms."""
    runs = np.zeros(TASKS, dtype=RUN_TYPE)
    runs["seq"] = np.arange(TASKS)
    runs["end"] = np.cumsum(np.linspace(2e6, 5e5, TASKS)).astype(np.int64)
    return Records(np.zeros(0, dtype=SEND_TYPE), runs)


def judged(**turns: list[Turn]) -> Measures:
    run: Any = SimpleNamespace(turns=turns)
    measures = Measures([], [])
    judge_drift(measures, run, quickening())
    return measures


def test_a_drain_that_quickens_is_no_steady_state() -> None:
    (reason,) = judged().void
    assert reason.startswith("no steady state")


def test_in_turns_it_is_said_and_voids_nothing() -> None:
    found = judged(load=[Turn(0, 10 * SECOND)])
    assert found.void == []
    assert found.remarks[0].startswith("no steady state")
    assert [metric.name for metric in found.metrics] == ["drift"]
