"""What a running trial says when it does not go on."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.processes import pins
from tasks.records import OUTCOMES, SEND, SEND_SUFFIX, wire_seq
from tests.unit.scenario.made import made_run, made_workers


@pytest.mark.parametrize(("outcome", "refused"), [("failed", True), ("ok", False)])
def test_a_phase_that_does_not_complete_says_what_was_refused(
    tmp_path: Path, outcome: str, *, refused: bool
) -> None:
    run = made_run(tmp_path)
    record = SEND.pack(wire_seq("ready", 0), 1, 1, 2, 0, OUTCOMES.index(outcome), 1)
    (tmp_path / f"1-0{SEND_SUFFIX}").write_bytes(record)
    run.producers.issued["ready"] = 1
    with pytest.raises(TrialFailed) as caught:
        run.wait_completed("ready", 0.01)
    assert "0 of 1 tasks have a record" in str(caught.value)
    assert ("1 send raised" in str(caught.value)) is refused


def test_pins_are_lifted_from_all_processes_that_the_workers_have_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker among them, which was started in the place of the one that was pinned."""
    everywhere, cores = frozenset({0, 1}), dict[int, object]()
    monkeypatch.setattr(pins, "threads", lambda pids: pids)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(everywhere))
    monkeypatch.setattr("os.sched_setaffinity", cores.__setitem__)
    run, family = made_run(tmp_path), {11}
    run.workers = made_workers(SimpleNamespace(pid=11, family=lambda: family))
    run.seats = [frozenset({1})]
    with run.seated():
        assert cores == {11: {1}}
        family.add(12)
        again: Any = SimpleNamespace(pid=21, family=lambda: {21})
        run.workers.children.append(again)
    assert cores == dict.fromkeys((11, 12, 21), everywhere)


def test_a_server_that_is_no_process_of_ours_is_not_paused(tmp_path: Path) -> None:
    """And what a fault raises comes out of the supervisor."""
    run = made_run(tmp_path)
    with pytest.raises(BrokerGap, match="cannot be paused"):
        run.workers.supervised(lambda: run.pause_broker(0))
