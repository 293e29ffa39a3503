"""Gate tasks hold every slot, and what they show is a proof."""

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.scenario.gate import MARKS, TOGETHER
from harness.scenario.run import Run
from harness.scenario.workers import POLL_S
from harness.trial.judging import telling
from infrastructure.errors import TrialFailed
from infrastructure.service import Depth
from tasks.spec import Topology
from tests.unit.scenario.made import made_run

CLOCK = {"monotonic": time.monotonic, "monotonic_ns": time.monotonic_ns}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here takes time to settle."""
    for name in ("SETTLE_S", "HOLD_S", "LOOK_S"):
        monkeypatch.setattr(f"harness.scenario.gate.{name}", 0.02)


class Greedy:
    """Stands for workers of which each takes all there are, up to what it may reserve, and executes
    two at a time.
    """

    def __init__(self, records: Path, processes: int, each: int) -> None:
        self.records, self.each = records, each
        self.held = [0] * processes
        self.waiting = 0

    def take(self, count: int) -> None:
        self.waiting += count
        for place, held in enumerate(self.held):
            more = min(self.each - held, self.waiting)
            self.held[place] += more
            self.waiting -= more
        for place, held in enumerate(self.held):
            for number in range(min(2, held)):
                (self.records / f"gate-1-{place}{number}.in").touch()

    def depth(self, _names: object) -> Depth:
        return Depth(self.waiting, sum(self.held), 0)


@pytest.mark.parametrize(
    ("each", "sent", "left"),
    [(2, 5, 1), (3, 5, 0), (4, 6, 0), (9, 11, 0)],  # of two processes
)
def test_gate_tasks_are_added_until_every_slot_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, each: int, sent: int, left: int
) -> None:
    greedy = Greedy(tmp_path, 2, each)
    broker: Any = SimpleNamespace(process=None, depth=greedy.depth, sees_in_flight=True)
    names = {"pending": ["a"], "in_flight": ["b"]}
    run = made_run(tmp_path, broker, Topology(2, 2, 2 * each, "late"), names)
    monkeypatch.setattr(
        run.producers, "send", lambda _phase, _kind, count, _number: greedy.take(count)
    )
    run.gate.close()
    assert run.gate.proofs == [
        ("in_flight", 4, 4),
        ("unacknowledged", sent - left, sent - left),
        ("unreserved", left, left),
    ]


@pytest.mark.parametrize(
    ("prefetch", "held", "left"),
    [(2, 2, 59), (4, 4, 57), (0, 61, 0)],  # of 61 that wait behind two that execute
)
def test_with_early_acks_only_what_waits_is_unacknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefetch: int, held: int, left: int
) -> None:
    sent: list[int] = []

    def depth(_names: object) -> Depth:
        waiting = sum(sent) - 2
        return Depth(waiting - min(held, waiting), min(held, waiting), 0)

    def take(count: int) -> None:
        sent.append(count)
        for place in range(2):
            (tmp_path / f"gate-1-{place}.in").touch()

    broker: Any = SimpleNamespace(process=None, depth=depth, sees_in_flight=True)
    names = {"pending": ["a"], "in_flight": ["b"]}
    run = made_run(tmp_path, broker, Topology(2, 1, prefetch, "early"), names)
    monkeypatch.setattr(run.producers, "send", lambda _phase, _kind, count, _number: take(count))
    monkeypatch.setattr(run.producers, "send_calls", lambda _phase, part: take(len(part)))
    run.gate.close()
    run.gate.prove()
    assert run.gate.proofs[3:] == [
        ("in_flight", 2, 2),
        ("unacknowledged", held, held),
        ("unreserved", left, left),
    ]


def run_that_takes(
    take: Callable[[int], None],
    depth: Callable[[object], Depth],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """At a broker that tells ``depth``, where ``take`` is told how many tasks are sent."""
    broker: Any = SimpleNamespace(process=None, depth=depth, sees_in_flight=True)
    run = made_run(folder, broker, names={"pending": ["a"], "in_flight": ["b"]})
    monkeypatch.setattr(run.producers, "send", lambda _phase, _kind, count, _number: take(count))
    monkeypatch.setattr(run.producers, "send_calls", lambda _phase, part: take(len(part)))
    return run


def test_every_closing_leaves_its_proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reserves more once many wait is not excused by a later closing with few."""
    waiting = [0]

    def depth(_names: object) -> Depth:
        reserved = min(waiting[0], 1 if waiting[0] <= 2 else 50)
        return Depth(waiting[0] - reserved, reserved, 0)

    def take(count: int) -> None:
        waiting[0] += count
        for number in (1, 2):
            (tmp_path / f"gate-{number}-0.in").touch()

    run = run_that_takes(take, depth, tmp_path, monkeypatch)
    run.gate.close()
    run.gate.prove()
    run.gate.open()
    waiting[0] = 0
    run.gate.close()
    assert len(run.gate.proofs) == 9
    assert ("unacknowledged", 1, 50) in run.gate.proofs
    assert ("unacknowledged", 1, 50) in telling(run.gate.proofs)


# After the holding of the first closing, and a moment after each part of what proves the queue.
SENT = 1 + MARKS // TOGETHER


@pytest.mark.parametrize(
    ("lacks_after", "hold_s"),
    [(-1, 0.25), (SENT, 0.75), (SENT + 1, 0.75)],  # never; before the last looks, and after them
)
def test_what_is_as_asked_before_the_last_looks_is_held_since_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks_after: int, hold_s: float
) -> None:
    sent: list[int] = []
    slept: list[float] = []

    def take(count: int) -> None:
        sent.append(count)
        (tmp_path / "gate-1-0.in").touch()

    def depth(_names: object) -> Depth:
        reserved = 0 if len(slept) == lacks_after else 1
        return Depth(sum(sent) - reserved, reserved, 0)

    clock = SimpleNamespace(sleep=slept.append, **CLOCK)
    monkeypatch.setattr("harness.scenario.gate.time", clock)
    monkeypatch.setattr("harness.scenario.gate.HOLD_S", 0.75)
    monkeypatch.setattr("harness.scenario.gate.LOOK_S", 0.5)
    run = run_that_takes(take, depth, tmp_path, monkeypatch)
    run.gate.close()
    run.gate.prove()
    assert slept[SENT] == 0.5
    assert slept[-1] == hold_s


def test_a_number_that_varies_is_not_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker: Any = SimpleNamespace(
        process=None, depth=lambda _names: Depth(0, 7, 0), sees_in_flight=True
    )
    run = made_run(tmp_path, broker, names={"in_flight": ["a"]}, varies=True)
    monkeypatch.setattr(run.producers, "send", lambda *_: (tmp_path / "gate-1-0.in").touch())
    run.gate.close()
    assert run.gate.proofs == [("in_flight", 1, 1)]


def test_a_slot_that_fills_is_noticed_within_a_poll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        (tmp_path / "gate-1-0.in").touch()

    monkeypatch.setattr("harness.scenario.processes.time", SimpleNamespace(sleep=sleep, **CLOCK))
    run = made_run(tmp_path)
    monkeypatch.setattr(run.producers, "send", lambda *_: None)
    run.gate.close()
    assert slept == [POLL_S]


def test_a_slot_that_stays_empty_fails_the_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.scenario.gate.CLOSED_S", 0.1)
    broker: Any = SimpleNamespace(process=None, depth=lambda _names: Depth(1, 0, 0))
    run = made_run(tmp_path, broker)
    monkeypatch.setattr(run.producers, "send", lambda *_: None)
    with pytest.raises(TrialFailed, match="gate tasks in all 1 slots"):
        run.gate.close()
