"""A scheduler ticks once a second; what does not agree with another ticks twice."""

import pytest

from tests.integration.trials import Trial

FATES = ("completed_once", "duplicated", "lost")


@pytest.mark.parametrize("framework", ["procrastinate", "celery"])
def test_two_schedulers_double_ticks_unless_they_agree(point_trial: Trial, framework: str) -> None:
    """Two beats of Celery know nothing of each other; and all is started anew in between where
    schedulers agree, so that none of it ticks for two.
    """
    agree = framework == "procrastinate"
    label = "two schedulers, restarted" if agree else "two schedulers"
    outcome = point_trial(framework, "periodic", label)
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert sum(found[name] for name in FATES) == found["issued"] >= 9
    assert found["lost"] < found["issued"]
    assert (found["ticks_more"] > found["issued"] / 2) is not agree
    assert (found["ticks_more"] == 0) is agree
    if not agree:
        assert 0 <= found["tick_lateness_p50"] <= found["tick_lateness_max"]


def test_ticks_that_wait_for_a_restarted_worker_are_late_not_missed(point_trial: Trial) -> None:
    """Beat is back before the worker, or sends what is due: what it sent meanwhile is executed."""
    outcome = point_trial("celery", "periodic", "one scheduler, restarted")
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert sum(found[name] for name in FATES) == found["issued"] >= 9
    assert found["ticks_late"] >= 1
    assert found["tick_gap_max"] > 1.5
    assert not any(name.startswith("tick_lateness") for name in found)
