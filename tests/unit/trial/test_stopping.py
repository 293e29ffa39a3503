"""How the processes of a trial are ended."""

import signal
from types import SimpleNamespace
from typing import Any

import pytest

from harness.scenario.partner import ALONE
from harness.trial.duet import Conductor
from harness.trial.stopping import GRACE_S, stop
from infrastructure.processes.role import Role
from tests.unit.trial.conftest import MakeTrial


class SlowChild:
    """It takes two seconds to leave in its own way."""

    role, pid = Role.WORKERS, 7

    def __init__(self) -> None:
        self.asked, self.waited_s = False, -1.0
        self.signals: list[int] = []

    def ask_to_end(self) -> None:
        self.asked = True

    def stop(self, grace_s: float) -> bool:
        self.waited_s = grace_s
        return grace_s >= 2

    def signal_all(self, number: int) -> None:
        self.signals.append(number)

    def collect(self) -> None:
        """Nothing is left of it."""


@pytest.mark.parametrize(("turns", "grace_s"), [(False, GRACE_S), (True, 0)])
def test_only_in_turns_nobody_waits_until_workers_leave_in_their_own_way(
    make_trial: MakeTrial, turns: bool, grace_s: float
) -> None:
    trial, child = make_trial(), SlowChild()
    children: list[Any] = [child]
    trial.children = children
    trial.partner = Conductor(2, seed=1).partners[0] if turns else ALONE
    run: Any = SimpleNamespace(sampler=SimpleNamespace(stop=lambda: None))
    stop(trial, run)
    assert child.asked
    assert child.signals == ([signal.SIGKILL] if turns else [])
    assert child.waited_s == grace_s
    assert trial.remarks == []
    assert ("teardown" in {metric.name for metric in trial.metrics}) is not turns
