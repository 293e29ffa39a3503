"""A callback comes once, and after its group."""

import pytest

from tests.integration.trials import Trial, sound


@pytest.mark.parametrize("framework", ["celery", "dramatiq", "rq"])
def test_a_callback_comes_once_its_group_is_done(point_trial: Trial, framework: str) -> None:
    found = sound(point_trial(framework, "fan_out", "100 members"))
    assert found["issued"] == 100
    assert found["callbacks_lost"] == found["callbacks_doubled"] == found["callbacks_early"] == 0
    assert found["group_time_p50"] > found["callback_wait_p50"] > 0


def test_no_groups_are_a_gap(point_trial: Trial) -> None:
    outcome = point_trial("asynctasq", "fan_out", "100 members")
    assert outcome.status == "gap"
    assert outcome.reason == "AsyncTasQ has no groups, and no tasks that wait for others"
