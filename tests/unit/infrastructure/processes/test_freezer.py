"""Who is stopped and who goes on, signal by signal: the processes are made up."""

import signal

import pytest

from infrastructure.processes import freezer
from infrastructure.processes.freezer import SignalFreezer

Sent = list[tuple[int, set[int]]]
FAMILIES = {1: [1, 10], 2: [2], 9: [9, 90]}  # 2 is the broker


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    found: Sent = []
    monkeypatch.setattr(freezer, "by_leader", lambda leaders: {n: FAMILIES[n] for n in leaders})
    monkeypatch.setattr(
        freezer, "send", lambda pids, number: found.append((number, set(pids))) if pids else None
    )
    return found


def test_one_that_starts_while_the_others_stand_still_does_so_too(sent: Sent) -> None:
    own = SignalFreezer([1, 2])
    own.freeze()
    assert sent == [(signal.SIGSTOP, {1, 10}), (signal.SIGSTOP, {2})]
    sent.clear()
    own.take_in(9)
    assert sent == [(signal.SIGSTOP, {9, 90})]
    sent.clear()
    own.thaw()
    assert sent == [(signal.SIGCONT, pids) for pids in ({2}, {1, 10}, {9, 90})]


def test_one_that_starts_while_the_others_work_stands_still_from_their_next_stop_on(
    sent: Sent,
) -> None:
    own = SignalFreezer([1, 2])
    own.freeze()
    own.thaw()
    sent.clear()
    own.take_in(9)
    assert sent == []
    own.freeze()
    assert sent == [(signal.SIGSTOP, pids) for pids in ({9, 90}, {1, 10}, {2})]
