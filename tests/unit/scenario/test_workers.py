"""Workers that are looked after."""

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from harness.scenario.workers import Workers
from infrastructure.errors import TrialFailed
from tests.unit.scenario.made import made_workers

NOBODY = 2**22 + 1  # more than a pid can be


def child(pid: int, *, alive: bool, code: int = 1) -> Any:
    return SimpleNamespace(
        pid=pid,
        alive=lambda: alive,
        has_ended=lambda: not alive,
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


def test_one_with_the_number_of_one_that_crashed_before_is_counted_too(
    clock: list[float],
) -> None:
    """Numbers of processes are given again."""
    again = [child(NOBODY, alive=False)]
    workers = made_workers(child(NOBODY, alive=False), start=lambda *_: again)
    workers.keep_up()
    for seconds in range(3):
        clock[0] = seconds
        workers.check()
    assert len(workers.crashes) == 3


def test_one_that_crashes_when_all_is_done_is_counted_too() -> None:
    workers = made_workers(child(NOBODY, alive=False), child(2, alive=False, code=-9))
    workers.notice_crashes()
    assert workers.crashes == []  # nobody has promised to look after them
    workers.keep_up()
    workers.notice_crashes()
    assert workers.crashes == [f"{NOBODY} ended: OperationalError: deadlock"]


def test_one_that_was_killed_is_no_crash_and_ends_the_trial_whoever_saw_it_first() -> None:
    workers = made_workers(child(NOBODY, alive=False, code=-9))
    workers.keep_up()
    workers.notice_crashes()
    assert workers.crashes == []
    with pytest.raises(TrialFailed, match="ended"):
        workers.check()


@pytest.mark.parametrize("end", [Workers.stop, lambda workers: workers.restart(0, 1.0)])
def test_one_that_crashed_before_it_is_asked_to_end_is_counted_too(
    end: Callable[[Workers], None],
) -> None:
    crashed = child(NOBODY, alive=False)
    crashed.stop, crashed.ask_to_end = lambda grace_s: grace_s > 0, lambda: None
    workers = made_workers(crashed, start=lambda *_: [child(NOBODY + 1, alive=True)])
    workers.keep_up()
    end(workers)
    workers.notice_crashes()
    assert len(workers.crashes) == 1


@pytest.mark.parametrize("code", [0, -9], ids=["ended as if asked to", "killed"])
def test_one_that_did_not_crash_ends_the_trial(code: int) -> None:
    workers = made_workers(child(NOBODY, alive=False, code=code))
    workers.keep_up()
    with pytest.raises(TrialFailed, match="ended"):
        workers.check()


def test_one_that_crashes_again_and_again_is_started_once_a_second(clock: list[float]) -> None:
    pids = count(NOBODY)
    workers = made_workers(
        child(next(pids), alive=False), start=lambda *_: [child(next(pids), alive=False)]
    )
    workers.keep_up()
    for tenths in range(42):
        clock[0] = tenths / 10
        workers.check()
    assert next(pids) - NOBODY == 1 + 5  # at 0, 1, 2, 3 and 4 s
    assert len(workers.crashes) == 6  # the last of which waits
    workers.notice_crashes()
    assert len(workers.crashes) == 6


def test_one_that_was_asked_to_end_and_started_anew_waits_for_its_second_too(
    clock: list[float],
) -> None:
    pids = count(NOBODY)

    def started(*_: object) -> list[Any]:
        new = child(next(pids), alive=False)
        new.stop = lambda grace_s: grace_s > 0
        return [new]

    workers = made_workers(*started(), start=started)
    workers.keep_up()
    workers.restart(0, 1.0)
    pid = workers.children[0].pid
    for tenths in (1, 9):
        clock[0] = tenths / 10
        workers.check()
        assert workers.children[0].pid == pid
    clock[0] = 1.0
    workers.check()
    assert workers.children[0].pid == pid + 1


@pytest.mark.parametrize(
    ("places", "every_s", "too_often"), [(1, 1, True), (1, 2, False), (2, 2.1, False)]
)
def test_more_crashes_than_systemd_allows_one_service_are_told(
    clock: list[float], places: int, every_s: float, *, too_often: bool
) -> None:
    pids = count(NOBODY)
    first = [child(next(pids), alive=False) for _ in range(places)]
    workers = made_workers(*first, start=lambda *_: [child(next(pids), alive=False)])
    workers.keep_up()
    for number in range(7):
        clock[0] = number * every_s
        workers.check()
    assert workers.too_often == too_often


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the monotonic clock says, in its one place."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


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
