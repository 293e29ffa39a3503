"""Trials of real frameworks: counts, accounting, order of stamps, settings."""

import sys
from dataclasses import replace

import pytest

from harness.trial.cell import wanted
from harness.trial.steps import run_trial
from tests.conftest import TINY, Query, make_plan
from tests.integration.trials import MakeArm, MakeSetup, Trial, only_timing


@pytest.mark.parametrize("framework", ["asynctasq", "celery"])
@pytest.mark.parametrize("profile", ["matched", "default"])
def test_throughput_accounts_for_every_task(
    make_arm: MakeArm, trial: Trial, query: Query, framework: str, profile: str
) -> None:
    outcome = trial(make_arm(framework, profile), "throughput")
    assert only_timing(outcome), outcome.reason
    ordered = (
        "count(*) FILTER (intended_ns <= send_ns AND send_ns <= ack_ns "
        "AND ack_ns <= start_ns AND start_ns <= end_ns)"
    )
    found = query(f"SELECT count(DISTINCT seq), min(seq), max(seq), {ordered} FROM task_record")
    assert found == [(TINY.tasks, 0, TINY.tasks - 1, TINY.tasks)]
    processes = outcome.trial.processes
    assert query("SELECT count(DISTINCT worker_pid) FROM task_record WHERE attempt > 0") <= [
        (processes,)
    ]
    assert outcome.metrics["drain_rate"] > 0
    assert 0.01 < outcome.metrics["workers_cpu"] < 60
    assert 1 <= outcome.metrics["broker_commands_per_task"] < 50
    assert query("SELECT count(*) FROM setting WHERE asked IS NOT NULL AND asked <> effective") == [
        (0,)
    ]
    roles = query("SELECT DISTINCT role FROM resource_sample ORDER BY role")
    assert roles == [("broker",), ("producer",), ("workers",)]
    assert query("SELECT count(*) > 0, max(pending) > 0 FROM depth_sample") == [(True, True)]
    assert query("SELECT count(*) FROM package WHERE name = 'redis'") == [(1,)]


@pytest.mark.parametrize("framework", ["asynctasq", "celery"])
def test_latency_is_from_the_intended_time(
    make_arm: MakeArm, trial: Trial, query: Query, framework: str
) -> None:
    size = replace(TINY, load_s=1.0)
    outcome = trial(make_arm(framework), "latency", size=size, fraction=0.5, capacity=600.0)
    assert only_timing(outcome), outcome.reason
    assert outcome.metrics["offered_rate"] == 300.0
    assert outcome.metrics["completed_once"] == outcome.metrics["issued"] == 1050
    early, before = query(
        "SELECT count(*) FILTER (send_ns < intended_ns), "
        "count(*) FILTER (end_ns < start_ns OR start_ns < send_ns) FROM task_record"
    )[0]
    assert (early, before) == (0, 0)
    if "unstable" not in outcome.reason:  # a machine that stalls makes a backlog
        assert outcome.metrics["sojourn_p50"] >= outcome.metrics["wait_p50"]
    assert "sojourn_p999" not in outcome.metrics  # 10,000 tasks would be needed


def test_a_cell_that_cannot_import_is_refused(make_arm: MakeArm, make_setup: MakeSetup) -> None:
    from infrastructure.errors import BenchError

    broken = replace(make_arm("celery"), executable=sys.executable)  # our own: no celery in it
    with pytest.raises(BenchError, match="No module named 'celery'"):
        make_setup(broken)


def test_a_worker_that_dies_at_its_start_is_a_failed_trial(
    make_arm: MakeArm, make_setup: MakeSetup, query: Query
) -> None:
    setup = make_setup(make_arm("stub"))
    setup.descriptions[wanted("throughput", {})].workers[1] = ["no_such_module"]
    outcome = run_trial(setup, make_plan(setup, "throughput"))
    assert outcome.status == "failed"
    assert "workers process" in outcome.reason
    assert "exit code 1" in outcome.reason
    ((tail,),) = query("SELECT log_tail FROM trial")
    assert "No module named no_such_module" in tail


def test_a_setting_that_did_not_take_voids_the_trial(
    make_arm: MakeArm, make_setup: MakeSetup, query: Query
) -> None:
    setup = make_setup(make_arm("celery"))
    described = setup.descriptions[wanted("throughput", {})]
    described.asked["prefetch"] = 99
    outcome = run_trial(setup, make_plan(setup, "throughput"))
    assert outcome.status == "invalid"
    assert "setting prefetch: asked 99, a running worker has 2" in outcome.reason
    assert query("SELECT asked, effective FROM setting WHERE name = 'prefetch'") == [("99", "2")]
