"""Workers that are looked after."""

from collections.abc import Mapping, Sequence
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from infrastructure.errors import TrialFailed
from tests.unit.scenario.made import made_workers


def child(pid: int, *, alive: bool) -> Any:
    return SimpleNamespace(pid=pid, alive=lambda: alive, died=lambda: f"{pid} ended")


def test_a_worker_that_ends_ends_the_trial() -> None:
    workers = made_workers(child(1, alive=True), child(2, alive=False))
    with pytest.raises(TrialFailed, match="2 ended"):
        workers.check()


def test_workers_are_revived_while_the_fault_is_made() -> None:
    """The fault here lasts until the worker that it ended is back."""
    living, back = child(2, alive=True), Event()

    def start(_env: Mapping[str, str], places: Sequence[int] | None) -> list[Any]:
        assert places == [0]
        back.set()
        return [living]

    workers = made_workers(child(1, alive=False), start=start)
    workers.supervise(0.0)
    workers.supervised(lambda: assert_set(back))
    assert workers.children == [living]
    assert workers.revived == 1


def assert_set(event: Event) -> None:
    assert event.wait(60)


def test_a_worker_is_revived_in_its_own_time() -> None:
    workers = made_workers(child(1, alive=False))
    workers.supervise(3600.0)
    workers.check()
    assert workers.revived == 0
