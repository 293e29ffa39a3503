"""What a kill -9 costs by default: nothing where the broker sees it, else all that was at work."""

from collections.abc import Callable

import pytest

from harness.trial.cell import Arm
from tests.integration.trials import Trial

STOCK = {"stock": True}


def test_a_broker_that_sees_it_hands_the_tasks_out_again(
    trial: Trial, on_broker: Callable[..., Arm], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.killed.REPEATED_S", 3.0)
    outcome = trial(on_broker("raw", "rabbitmq"), "killed", wants=STOCK)
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert found["at_work"] == found["revived"] == 2
    assert found["not_redone"] == found["redone_twice"] == found["waiting_lost"] == 0
    assert 0 < found["redone_after"] < found["waited"]


def test_what_is_acknowledged_before_it_runs_is_lost(
    trial: Trial, make_arm: Callable[..., Arm]
) -> None:
    """By the stock command line, though the arm's own profile acknowledges late."""
    arm = make_arm("celery")
    outcome = trial(arm, "killed", wants=STOCK)
    assert outcome.status == "ok", outcome.reason
    assert outcome.trial.acks == "early"
    assert outcome.trial.topology_profile == arm.profile == "matched"
    assert outcome.metrics["not_redone"] == 100
    assert "redone_after" not in outcome.metrics
