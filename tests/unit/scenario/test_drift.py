"""A drain that quickens voids a trial."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.records import Records
from harness.measure.turns import Turn
from harness.scenario.backlog import judge_drift
from harness.scenario.scenario import Measures

SECOND = 1_000_000_000
TASKS = 4_000


def ending(gaps_ns: Array) -> Records:
    """A task after each gap."""
    runs = np.zeros(len(gaps_ns), dtype=RUN_TYPE)
    runs["seq"] = np.arange(len(gaps_ns))
    runs["end"] = np.cumsum(gaps_ns).astype(np.int64)
    return Records(np.zeros(0, dtype=SEND_TYPE), runs)


# It ends its first task in 2 ms and its last in 0.5 ms.
QUICKENING = ending(np.linspace(2e6, 5e5, TASKS))


def judged(records: Records = QUICKENING, **turns: list[Turn]) -> Measures:
    run: Any = SimpleNamespace(turns=turns)
    measures = Measures([], [])
    judge_drift(measures, run, records)
    return measures


def test_a_drain_that_quickens_is_no_steady_state() -> None:
    (reason,) = judged().void
    assert reason.startswith("no steady state")


def test_what_is_drained_after_the_last_turn_is_no_drift() -> None:
    """A millisecond a task; the turns end after two thirds of them."""
    steady = ending(np.full(TASKS, 1e6))
    found = judged(steady, load=[Turn(0, 2 * SECOND), Turn(2 * SECOND, 8 * SECOND // 3)])
    assert (found.void, found.remarks) == ([], [])
    (drift,) = found.metrics
    assert abs(drift.value - 1) < 0.02
