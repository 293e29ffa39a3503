"""What a running trial says when it does not go on."""

from pathlib import Path

import pytest

from infrastructure.errors import BrokerGap, TrialFailed
from tasks.records import OUTCOMES, SEND, SEND_SUFFIX, wire_seq
from tests.unit.scenario.made import made_run


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


def test_a_server_that_is_no_process_of_ours_is_not_paused(tmp_path: Path) -> None:
    """And what a fault raises comes out of the supervisor."""
    run = made_run(tmp_path)
    with pytest.raises(BrokerGap, match="cannot be paused"):
        run.workers.supervised(lambda: run.pause_broker(0))
