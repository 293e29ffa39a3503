"""What is refused before anything is started, and who waits for whom at the end."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from harness.scenario.partner import ALONE
from harness.trial.duet import Conductor
from harness.trial.steps import refuse_gap, run_trial, wait_for_late
from infrastructure.errors import Gap
from tests.conftest import Query
from tests.unit.trial.conftest import MakeTrial


def test_what_an_arm_cannot_do_is_a_row_and_starts_nothing(
    make_trial: MakeTrial, query: Query
) -> None:
    trial = make_trial(gap="it has no queues")
    with pytest.raises(Gap, match="no queues"):
        refuse_gap(trial)
    trial.folder.remove()
    outcome = run_trial(trial.setup, trial.plan)
    assert (outcome.status, outcome.reason) == ("gap", "it has no queues")
    assert query("SELECT status, log_tail FROM trial") == [("gap", None)]
    assert query("SELECT count(*) FROM environment") == [(0,)]


def test_an_arm_waits_for_the_others_loads_and_not_for_what_comes_late_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.trial.duet.MEET_S", 5)
    conductor, ended = Conductor(2, seed=1), threading.Event()
    first, last = conductor.partners
    done: list[str] = []

    def look(_after_s: float) -> None:
        assert ended.wait(10)  # the other arm's trial

    def end_load() -> None:
        done.append("load")
        waiting: Any = SimpleNamespace(look_again=look)
        wait_for_late(waiting, 1.0, last)
        done.append("late")

    other = threading.Timer(0.05, end_load)
    other.start()
    quick: Any = SimpleNamespace(look_again=lambda _after_s: done.append("looked"))
    wait_for_late(quick, 1.0, first)
    assert done == ["load", "looked"]
    ended.set()
    other.join()
    assert done == ["load", "looked", "late"]


def test_a_session_that_is_stopped_while_late_tasks_are_waited_for_is_interrupted() -> None:
    conductor = Conductor(1, seed=1)
    run: Any = SimpleNamespace(look_again=lambda _after_s: conductor.stop())
    with pytest.raises(KeyboardInterrupt):
        wait_for_late(run, 1.0, conductor.partners[0])


def test_an_arm_by_itself_is_looked_at_again_as_late_as_was_asked() -> None:
    looked: list[float] = []
    run: Any = SimpleNamespace(look_again=looked.append)
    wait_for_late(run, 2.0, ALONE)
    assert looked == [2.0]
