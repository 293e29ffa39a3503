"""A roll-out ends every worker once, and every task has a fate."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.trial.cell import Arm
from harness.trial.steps import run_trial
from tests.conftest import make_plan
from tests.integration.trials import FRAMEWORKS, Trial, chosen

# How long nothing may come: Celery hands out again, after REDELIVER_S, what a worker still held.
QUIET_S = {"stub": 3.0, "asynctasq": 3.0, "celery": 20.0}


@pytest.mark.parametrize("framework", ["stub", *FRAMEWORKS])
def test_both_workers_are_restarted_under_load(
    point_trial: Trial, monkeypatch: pytest.MonkeyPatch, framework: str
) -> None:
    monkeypatch.setattr("scenarios.deploy.QUIET_S", QUIET_S[framework])
    outcome = point_trial(framework, "deploy", "short tasks")
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    fates = ("completed_once", "duplicated", "lost", "failed")
    assert sum(found[name] for name in fates) == found["issued"] == 900
    assert found["completed_once"] > 600  # it went on
    assert found["killed"] == found["worker_crashes"] == 0
    assert 0 < found["stop_time_mean"] <= found["stop_time_max"]
    assert found["back_after"] > 0


@pytest.mark.parametrize(("framework", "waits"), [("stub", False), ("asynctasq", True)])
def test_a_long_task_is_waited_for_or_cut_off(
    point_trial: Trial, monkeypatch: pytest.MonkeyPatch, framework: str, *, waits: bool
) -> None:
    """Each worker has one running when it is asked to end. The stub ends at once."""
    for name, value in (("LONG", 6), ("LONG_US", 1_000_000), ("RUNNING_S", 0.3), ("QUIET_S", 2.0)):
        monkeypatch.setattr(f"scenarios.deploy.{name}", value)
    outcome = point_trial(framework, "deploy", "long tasks")
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    fates = ("completed_once", "duplicated", "lost", "failed")
    assert sum(found[name] for name in fates) == found["issued"] == 6
    assert found["killed"] == found["repeated"] == 0
    assert (found["completed_once"] == 6) is waits
    assert (found["stop_time_max"] > 0.5) is waits  # 0.7 s of the first were left


def test_units_of_a_framework_have_names_of_their_own(
    on_broker: Callable[..., Arm], make_setup: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker of Celery's with the name of the first ends at once on RabbitMQ."""
    monkeypatch.setattr("scenarios.deploy.QUIET_S", QUIET_S["celery"])
    setup = make_setup(on_broker("celery", "rabbitmq"))
    outcome = run_trial(setup, make_plan(setup, "deploy", **chosen("deploy", "short tasks")))
    assert outcome.status == "ok", outcome.reason
    assert outcome.metrics["completed_once"] > 600
