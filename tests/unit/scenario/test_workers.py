"""Workers that are looked after."""

from collections.abc import Mapping, Sequence
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from infrastructure.errors import TrialFailed
from tests.unit.scenario.made import made_workers

NOBODY = 2**22 + 1  # more than a pid can be


def child(pid: int, *, alive: bool, code: int = 1) -> Any:
    return SimpleNamespace(
        pid=pid,
        alive=lambda: alive,
        died=lambda: f"{pid} ended",
        tail=lambda: "Traceback\n  OperationalError: deadlock\n\n",
        process=SimpleNamespace(returncode=code),
    )


def test_a_worker_that_ends_by_its_own_error_is_started_again_and_counted() -> None:
    def start(_env: Mapping[str, str], places: Sequence[int] | None) -> list[Any]:
        assert places == [1]
        return [child(NOBODY + 1, alive=True)]

    crashed = child(NOBODY, alive=False)
    workers = made_workers(child(1, alive=True), crashed, start=start)
    workers.keep_up()
    workers.check()
    workers.check()
    assert [each.pid for each in workers.children] == [1, NOBODY + 1]
    assert workers.crashes == [f"{NOBODY} ended: OperationalError: deadlock"]


def test_one_that_crashes_when_all_is_done_is_counted_too() -> None:
    workers = made_workers(child(NOBODY, alive=False), child(2, alive=False, code=-9))
    workers.notice_crashes()
    assert workers.crashes == []  # nobody has promised to look after them
    workers.keep_up()
    workers.notice_crashes()
    assert workers.crashes == [f"{NOBODY} ended: OperationalError: deadlock"]


@pytest.mark.parametrize("code", [0, -9], ids=["ended as if asked to", "killed"])
def test_one_that_did_not_crash_ends_the_trial(code: int) -> None:
    workers = made_workers(child(NOBODY, alive=False, code=code))
    workers.keep_up()
    with pytest.raises(TrialFailed, match="ended"):
        workers.check()


def test_one_that_crashes_again_and_again_is_given_up_as_by_systemd() -> None:
    workers = made_workers(
        child(NOBODY, alive=False), start=lambda *_: [child(NOBODY, alive=False)]
    )
    workers.keep_up()
    for _ in range(5):
        workers.check()
    with pytest.raises(TrialFailed, match="as 5 did in the 10 s before"):
        workers.check()
    assert len(workers.crashes) == 5


def test_each_worker_is_given_up_by_its_own_crashes() -> None:
    """Five of each of two, within ten seconds in all, as of two services."""
    both = [child(NOBODY, alive=False), child(NOBODY + 1, alive=False)]
    workers = made_workers(*both, start=lambda *_: [child(NOBODY, alive=False)])
    workers.keep_up()
    for _ in range(5):
        workers.check()
    assert len(workers.crashes) == 10


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
