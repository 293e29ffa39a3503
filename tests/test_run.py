"""What a running trial says when it does not go on."""

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from harness.scenario.run import Run
from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.service import Depth
from tasks.records import OUTCOMES, SEND_SUFFIX, pack_send, wire_seq
from tasks.spec import Phase, Topology


@pytest.mark.parametrize(("outcome", "refused"), [("failed", True), ("ok", False)])
def test_a_phase_that_does_not_complete_says_what_was_refused(
    tmp_path: Path, outcome: str, *, refused: bool
) -> None:
    broker: Any = SimpleNamespace(process=None, depth=lambda _names: Depth(0, 0, 0))
    folder: Any = SimpleNamespace(records=tmp_path)
    sampler: Any = SimpleNamespace()
    run = Run(folder, Topology(1, 1, 1, "late"), {}, broker, [], [], sampler)
    record = pack_send(wire_seq("ready", 0), "noop", 1, 1, 2, OUTCOMES.index(outcome), 1)
    (tmp_path / f"1-0{SEND_SUFFIX}").write_bytes(record)
    run._issued["ready"] = 1
    with pytest.raises(TrialFailed) as caught:
        run.wait_completed("ready", 0.01)
    assert "0 of 1 tasks have a record" in str(caught.value)
    assert ("1 send(s) raised" in str(caught.value)) is refused


@pytest.mark.parametrize(("phase", "awaited"), [("warmup", 7), ("load", 9)])
def test_nobody_waits_for_warm_up_tasks_whose_send_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phase: str, awaited: int
) -> None:
    producer: Any = SimpleNamespace(process=SimpleNamespace(stdin=StringIO()), alive=lambda: True)
    folder: Any = SimpleNamespace(records=tmp_path)
    nothing: Any = SimpleNamespace(process=None)
    run = Run(folder, Topology(1, 1, 1, "late"), {}, nothing, [], [], nothing)
    monkeypatch.setattr(run, "hear", lambda *_: {"sent": 9, "failed": 2, "seconds": 1.0})
    run._command(Phase(phase), [producer])
    assert run._issued == {phase: awaited}


def test_workers_are_revived_while_the_fault_is_made(tmp_path: Path) -> None:
    """The fault here lasts until the worker that it ended is back."""
    dead: Any = SimpleNamespace(pid=1, alive=lambda: False)
    living: Any = SimpleNamespace(pid=2, alive=lambda: True)
    back = Event()

    def start_workers(_env: Mapping[str, str], places: Sequence[int] | None) -> list[Any]:
        assert places == [0]
        back.set()
        return [living]

    nothing: Any = SimpleNamespace(process=None)
    folder: Any = SimpleNamespace(records=tmp_path)
    run = Run(
        folder, Topology(1, 1, 1, "late"), {}, nothing, [dead], [], nothing,
        start_workers=start_workers,
    )  # fmt: skip
    run.supervise(0.0)
    run.supervised(lambda: assert_set(back))
    assert run.workers == [living]
    assert run.revived == 1


def assert_set(event: Event) -> None:
    assert event.wait(60)


def test_a_server_that_is_no_process_of_ours_is_not_paused(tmp_path: Path) -> None:
    nothing: Any = SimpleNamespace(process=None)
    folder: Any = SimpleNamespace(records=tmp_path)
    run = Run(folder, Topology(1, 1, 1, "late"), {}, nothing, [], [], nothing)
    with pytest.raises(BrokerGap, match="cannot be paused"):
        run.supervised(lambda: run.pause_broker(0))


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
    monkeypatch.setattr("harness.scenario.run.GATE_SETTLE_S", 0.05)
    greedy = Greedy(tmp_path, 2, each)
    broker: Any = SimpleNamespace(process=None, depth=greedy.depth, sees_in_flight=True)
    folder: Any = SimpleNamespace(records=tmp_path)
    nothing: Any = SimpleNamespace()
    names = {"pending": ["a"], "in_flight": ["b"]}
    topology = Topology(2, 2, 2 * each, "late")
    run = Run(folder, topology, names, broker, [], [], nothing)
    monkeypatch.setattr(run, "send", lambda _phase, _kind, count, _number: greedy.take(count))
    run.close_gate()
    assert run.proofs == [
        ("in_flight", 4, 4), ("unacknowledged", sent - left, sent - left),
        ("unreserved", left, left),
    ]  # fmt: skip


def test_a_slot_that_stays_empty_fails_the_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.scenario.run.GATE_SETTLE_S", 0.05)
    monkeypatch.setattr("harness.scenario.run.READY_S", 0.1)
    broker: Any = SimpleNamespace(process=None, depth=lambda _names: Depth(1, 0, 0))
    folder: Any = SimpleNamespace(records=tmp_path)
    nothing: Any = SimpleNamespace()
    run = Run(folder, Topology(1, 1, 1, "late"), {}, broker, [], [], nothing)
    monkeypatch.setattr(run, "send", lambda *_: None)
    with pytest.raises(TrialFailed, match="gate tasks in all 1 slots"):
        run.close_gate()
