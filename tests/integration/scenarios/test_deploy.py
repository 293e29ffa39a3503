"""A roll-out ends every worker once, and every task has a fate."""

import pytest

from tests.integration.trials import FRAMEWORKS, Trial

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
