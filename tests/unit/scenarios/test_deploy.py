"""What a roll-out cost."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.scenario.point import QUICK
from harness.scenario.workers import Restart
from scenarios.deploy import SCENARIO, back_after_s, roll

SECOND = 1_000_000_000
RESTARTS = [
    Restart(20, 0, 1 * SECOND, killed=False),
    Restart(30, 2 * SECOND, 3 * SECOND, killed=True),
]
MEMBERS = {20: 20, 31: 30, 32: 30}  # the second has children


def test_a_worker_is_back_with_its_first_task() -> None:
    runs = np.zeros(4, RUN_TYPE)
    runs["pid"], runs["start"] = [9, 20, 32, 31], np.array([0.5, 2, 7, 5]) * SECOND
    assert back_after_s(runs, RESTARTS, MEMBERS) == pytest.approx(2)
    assert back_after_s(runs[:2], RESTARTS, MEMBERS) is None  # the second did none


def test_the_page_is_told_when_the_first_worker_was_asked_to_end() -> None:
    """In seconds since the load began, which is its first send."""
    sends, runs = np.zeros(2, SEND_TYPE), np.zeros(2, RUN_TYPE)
    sends["seq"] = runs["seq"] = [0, 1]
    sends["send"] = np.array([10, 11]) * SECOND
    restarts = [Restart(20, 15 * SECOND, 16 * SECOND, killed=False)]
    run: Any = SimpleNamespace(workers=SimpleNamespace(restarts=restarts), members={})
    measured = SCENARIO.measure(run, SCENARIO.points(QUICK)[0], Records(sends, runs))
    assert {m.name: m.value for m in measured.metrics}["fault_after"] == 5
    assert SCENARIO.fault


def test_units_roll_on_where_the_load_was_over_before_the_last_was_back() -> None:
    """On a slow machine: the tasks are planned, and not yet counted as sent."""
    waited = []

    def wait(done: Any, _seconds: float, what: str) -> None:
        assert done(), what
        waited.append(what)

    restarts = [Restart(20, 0, SECOND, killed=False)]
    workers = SimpleNamespace(
        children=[1, 2], restarts=restarts, members=dict, restart=lambda *_: None
    )
    tail = SimpleNamespace(poll=int, completed={"load": 90}.get, worker_pids=lambda _: [])
    issued = SimpleNamespace(issued={"load": 0})
    run: Any = SimpleNamespace(
        workers=workers, tail=tail, producers=issued, processes=SimpleNamespace(wait=wait)
    )
    roll(run, 90)
    assert len(waited) == 2
    with pytest.raises(AssertionError, match="a task after the restart"):
        roll(run, 91)
