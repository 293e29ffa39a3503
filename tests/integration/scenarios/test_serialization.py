"""What tasks carry on real frameworks."""

import pytest

from tests.conftest import Query
from tests.integration.trials import FRAMEWORKS, Trial, sound


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_payloads_arrive_and_are_weighed(point_trial: Trial, framework: str) -> None:
    found = sound(point_trial(framework, "serialization", "binary 100 KiB"))
    assert found["payload_size"] == 102_400
    assert 102_400 < found["broker_bytes_per_task"] < 3 * 102_400


@pytest.mark.parametrize("serializer", ["pickle", "msgpack"])
def test_celery_has_other_serializers(point_trial: Trial, serializer: str) -> None:
    sound(point_trial("celery", "serialization", f"nested 10 KiB, {serializer}"))


def test_a_serializer_that_a_framework_lacks_is_a_gap(point_trial: Trial, query: Query) -> None:
    outcome = point_trial("asynctasq", "serialization", "nested 10 KiB, pickle")
    assert outcome.status == "gap"
    assert query("SELECT status, reason, point FROM trial") == [
        ("gap", "AsyncTasQ serializes by msgpack only", "nested 10 KiB, pickle")
    ]
    assert query("SELECT count(*) FROM task_record") == [(0,)]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("how", ["whole", "as id"])
def test_models_are_passed(point_trial: Trial, query: Query, framework: str, how: str) -> None:
    found = sound(point_trial(framework, "serialization", f"model 1 KiB, passed {how}"))
    pickled = framework == "celery" and how == "whole"
    assert (found["broker_bytes_per_task"] > 1024) or not pickled
    assert query("SELECT count(*) FROM environment WHERE name = 'models_lock'") == [(1,)]
