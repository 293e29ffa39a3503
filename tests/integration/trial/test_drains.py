"""Drains that are not of one rate, and workers that crash: known answers of the stub."""

from dataclasses import replace

from tests.conftest import TINY, Query
from tests.integration.trials import MakeArm, Trial, only_timing


def test_a_rate_that_depends_on_the_depth_is_given_at_each(
    make_arm: MakeArm, trial: Trial, query: Query
) -> None:
    """A task takes 1 ms and 40 ms more for every thousand that wait: 25 ms of a backlog of 600, 13
    of a half of it, 5 of a hundred.
    """
    arm = make_arm(service_us=1000, crowd_us=40_000, processes=1)
    outcome = trial(arm, "throughput", size=replace(TINY, tasks=600, hold_s=0.5))
    metrics = outcome.metrics
    assert "held_rate_deep" in metrics, outcome
    assert metrics["held_rate_deep"] < metrics["held_rate_shallow"]
    assert metrics["held_depth_deep"] > 2 * metrics["held_depth_shallow"] > 0, metrics
    if metrics["depth_dependent"]:  # a machine that is busy enough hides it
        assert outcome.status == "ok", outcome.reason
        assert "the rate depends on the depth of the queue" in (outcome.trial.remarks or "")
        assert metrics["depth_drift"] > 1
        assert "drift" not in metrics
    assert metrics["makespan"] > 0
    assert query("SELECT count(*) > 0 FROM warmup_record WHERE phase = 'held'") == [(True,)]


def test_a_worker_that_crashes_is_started_again_and_the_trial_goes_on(
    make_arm: MakeArm, trial: Trial
) -> None:
    outcome = trial(make_arm(crash_at=200), "throughput")
    assert outcome.metrics["worker_crashes"] == 1
    assert outcome.metrics["completed_once"] == outcome.metrics["issued"] == TINY.tasks
    assert only_timing(outcome), outcome.reason
    remarks = outcome.trial.remarks or ""
    assert "1 time a worker ended by its own error" in remarks
    assert "started again" in remarks
    assert "deadlock found" in remarks
