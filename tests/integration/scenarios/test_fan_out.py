"""A callback comes once, and after its group."""

from collections.abc import Callable

import pytest

from harness.trial.outcome import Outcome
from tests.integration.trials import sound


@pytest.mark.parametrize("framework", ["celery", "dramatiq", "rq"])
def test_a_callback_comes_once_its_group_is_done(
    point_trial: Callable[..., Outcome], framework: str
) -> None:
    found = sound(point_trial(framework, "fan_out", "100 members"))
    assert found["issued"] == 100
    assert found["callbacks_lost"] == found["callbacks_doubled"] == found["callbacks_early"] == 0
    assert found["group_time_p50"] > found["callback_wait_p50"] > 0


def test_no_groups_are_a_gap(point_trial: Callable[..., Outcome]) -> None:
    outcome = point_trial("asynctasq", "fan_out", "100 members")
    assert outcome.status == "gap"
    assert outcome.reason == "AsyncTasQ has no groups, and no tasks that wait for others"
