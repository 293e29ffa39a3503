"""Which process is said to have ended, when several have; which belongs to nobody."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.scenario.processes import Processes, lives_in
from infrastructure.errors import TrialFailed


def ended(role: str) -> Any:
    return SimpleNamespace(alive=lambda: False, died=lambda: f"the {role} process ended")


def test_a_broker_that_died_is_named_before_the_workers_that_ended_with_it() -> None:
    def check() -> None:
        raise TrialFailed("the workers process ended")

    broker: Any = SimpleNamespace(process=ended("broker"))
    workers: Any = SimpleNamespace(check=check, children=[])
    with pytest.raises(TrialFailed, match="the broker process ended"):
        Processes(broker, workers, [ended("producer")]).check_alive()


def test_a_process_of_the_trial_in_no_session_of_its_workers_is_told(tmp_path: Path) -> None:
    """This one: its environment names the home, as that of a trial's process does its folder."""
    own, folder = os.getpid(), Path.home()
    assert lives_in(own, folder, {1})
    assert not lives_in(own, folder, {os.getsid(0)})  # of a worker's session
    assert not lives_in(own, tmp_path / "another", {1})  # its number was given again
    assert not lives_in(2**22 + 1, folder, {1})  # more than a pid can be


def test_members_of_workers_and_strangers_are_no_outsiders() -> None:
    def made(members: dict[int, int], strangers: set[int]) -> Processes:
        broker: Any = SimpleNamespace(process=None)
        workers: Any = SimpleNamespace(members=lambda: members, begun={1})
        producer: Any = SimpleNamespace(family=lambda: strangers)
        return Processes(broker, workers, [producer])

    own, folder = os.getpid(), Path.home()
    assert made({}, set()).outsiders([own], folder) == {own}
    assert made({own: 1}, set()).outsiders([own], folder) == set()
    assert made({}, {own}).outsiders([own], folder) == set()
