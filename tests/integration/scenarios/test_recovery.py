"""Every task has a fate, whatever fails."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.trial.cell import Arm
from scenarios.recovery import RATE
from tests.conftest import Query
from tests.integration.trials import Trial, chosen

SECONDS = 6.0  # of the load
# How long nothing may come. Celery hands out again what a killed worker held, after REDELIVER_S;
# AsyncTasQ does not. After a restart clients come back within their back-off.
QUIET_S = {
    ("celery", "workers killed"): 12.0,
    ("asynctasq", "workers killed"): 3.0,
    ("celery", "broker restarted"): 8.0,
    ("asynctasq", "broker restarted"): 8.0,
}


@pytest.mark.parametrize(("framework", "label"), QUIET_S)
def test_every_task_has_a_fate_after_a_fault(
    point_trial: Trial,
    query: Query,
    monkeypatch: pytest.MonkeyPatch,
    framework: str,
    label: str,
) -> None:
    monkeypatch.setattr("scenarios.recovery.QUIET_S", QUIET_S[framework, label])
    monkeypatch.setattr("scenarios.recovery.LEAST_S", SECONDS)
    before = set(Path(tempfile.gettempdir()).glob("pymp-*"))
    outcome = point_trial(framework, "recovery", label)
    assert set(Path(tempfile.gettempdir()).glob("pymp-*")) <= before  # of killed processes
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    fates = ("completed_once", "duplicated", "lost", "failed")
    ((never,),) = query("SELECT count(*) FROM task_record WHERE outcome = 'refused'")
    assert sum(found[name] for name in fates) + never == found["issued"] == SECONDS * RATE
    assert found["completed_once"] > found["issued"] * 2 / 3  # it went on
    assert found["lost_acknowledged"] <= found["lost"]
    assert found["stranded"] <= found["issued"]
    assert found["longest_silence"] > 0.5
    assert 0 < found["prior_rate"] <= 150
    assert (found["revived"] > 0) or "broker" in label


def test_tasks_that_new_workers_do_were_stranded_and_not_lost(
    trial: Trial,
    make_arm: Callable[..., Arm],
    monkeypatch: pytest.MonkeyPatch,
    query: Query,
) -> None:
    monkeypatch.setattr("scenarios.recovery.QUIET_S", 2.0)
    arm = make_arm(processes=1, deaf_at=700)
    outcome = trial(arm, "recovery", **chosen("recovery", "broker paused"))
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert found["completed_once"] == found["issued"] == 900
    assert found["lost"] == found["lost_acknowledged"] == found["revived"] == 0
    by_worker = query("SELECT count(*) FROM task_record GROUP BY worker_pid ORDER BY min(start_ns)")
    assert [*by_worker] == [(900 - found["stranded"],), (found["stranded"],)]
    assert found["stranded"] >= 100  # the deaf one and its producer's further 99; two keep no step
    assert found["longest_silence"] < 8  # the pause; the wait for what was stranded is shorter


def test_early_acks_are_a_gap_of_asynctasq(point_trial: Trial) -> None:
    outcome = point_trial("asynctasq", "recovery", "workers killed, early acks")
    assert outcome.status == "gap"
    assert outcome.reason == "AsyncTasQ acknowledges after the task, always"
