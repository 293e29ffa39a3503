"""What ends badly is counted, and its neighbours are told apart from it."""

import pytest

from scenarios.poison import POISONOUS
from tests.conftest import Query
from tests.integration.trials import Trial

ISSUED = 400  # 50 a second for 8 s


@pytest.fixture
def poisoned(point_trial: Trial, monkeypatch: pytest.MonkeyPatch) -> Trial:
    monkeypatch.setattr("scenarios.poison.QUIET_S", 2.0)
    return lambda framework, label: point_trial(framework, "poison", label)


@pytest.mark.parametrize(("label", "revived"), [("raise", 0), ("are killed", POISONOUS)])
def test_the_stub_takes_each_poisonous_task_once(poisoned: Trial, label: str, revived: int) -> None:
    outcome = poisoned("stub", label)
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert found["completed_once"] == found["issued"] == ISSUED - POISONOUS
    assert found["revived"] == revived
    assert found["poison_attempts"] == found["poison_attempts_max"] == 1
    assert (found["errors_logged"] > 0) == (label == "raise")


def test_a_pool_lives_on_though_its_children_are_killed(poisoned: Trial) -> None:
    outcome = poisoned("celery", "end the process")
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert found["issued"] == ISSUED - POISONOUS
    assert found["revived"] == found["lost"] == 0
    assert found["poison_attempts"] >= 1
    assert found["errors_logged"] >= POISONOUS


def test_what_no_framework_wrote_is_no_task(poisoned: Trial) -> None:
    outcome = poisoned("celery", "cannot be read")
    assert outcome.status == "ok", outcome.reason
    assert outcome.metrics["issued"] == ISSUED
    assert "poison_attempts" not in outcome.metrics


@pytest.mark.parametrize("framework", ["asynctasq", "repid"])
def test_a_task_that_takes_too_long_is_ended(poisoned: Trial, query: Query, framework: str) -> None:
    """It sleeps for 20 s and may take one; none of the two slots stays taken."""
    outcome = poisoned(framework, "time out")
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert found["completed_once"] == found["issued"] == ISSUED - POISONOUS
    assert found["poison_attempts"] >= 1
    assert query("SELECT count(*) FROM task_record WHERE kind = 'hang' AND outcome = 'ok'") == [
        (0,)
    ]
