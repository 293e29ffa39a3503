"""What is delivered, in which order and when, on real frameworks."""

import numpy as np
import pytest

from tests.conftest import Query
from tests.integration.trials import FRAMEWORKS, Trial, expect_doubles, sound


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_urgent_work_overtakes(point_trial: Trial, framework: str) -> None:
    found = sound(point_trial(framework, "multi_queue", ""))
    assert found["misrouted"] == 0
    assert found["overtaking"] > 0.95  # the matched profile serves queues in their order
    assert found["fairness"] < 0.9


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_small_tenant_overtakes_by_a_queue_of_its_own(point_trial: Trial, framework: str) -> None:
    found = sound(point_trial(framework, "fairness", "a queue each, small first"))
    assert found["issued"] == 310
    assert found["ahead_of_small"] < 0.5
    assert 0 < found["small_wait_p50"] <= found["small_wait_max"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_delays_and_retries_are_never_early(point_trial: Trial, framework: str) -> None:
    outcome = point_trial(framework, "scheduling", "delay 1 s")
    expect_doubles(outcome, framework)
    found = sound(outcome)
    assert found["early"] == 0
    assert 0 <= found["lateness_p50"] < 10_000


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_fails_twice_is_tried_three_times(
    point_trial: Trial, query: Query, framework: str
) -> None:
    outcome = point_trial(framework, "scheduling", "retry after 1 s, then 2 s")
    expect_doubles(outcome, framework)
    found = sound(outcome)
    assert found["early"] == 0
    assert query(
        "SELECT attempt, count(*) = (SELECT count(DISTINCT seq) FROM task_record), max(outcome) "
        "FROM task_record GROUP BY attempt ORDER BY attempt"
    ) == [(1, True, "failed"), (2, True, "failed"), (3, True, "ok")]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_orders_go_through_every_step_once(
    point_trial: Trial, query: Query, framework: str
) -> None:
    outcome = point_trial(framework, "pipeline", "")
    found = outcome.metrics
    assert found["issued"] == 100
    expect_doubles(outcome, framework)
    sound(outcome)
    assert found["steps_done"] == 400
    assert found["retries"] == 5  # one in twenty charges is refused once
    assert found["charged_twice"] == found["never_charged"] == 0
    assert found.get("retried_sojourn_p50", np.inf) >= 1000  # the back-off
    kinds = query(
        "SELECT kind, count(DISTINCT seq), count(*), count(send_ns) FROM task_record "
        "GROUP BY kind ORDER BY kind"
    )
    assert kinds == [
        ("charge", 100, 105, 105),
        ("email", 100, 100, 100),
        ("inventory", 100, 100, 100),
        ("validate", 100, 100, 100),
    ]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_event_is_heard(point_trial: Trial, query: Query, framework: str) -> None:
    found = sound(point_trial(framework, "events", "on"))
    assert found["event_completeness"] == 1
    assert found["events_repeated"] == 0
    assert found["listener_cpu"] > 0
    assert query("SELECT event, count(*) FROM event_record GROUP BY event ORDER BY event") == [
        ("started", found["issued"]),
        ("succeeded", found["issued"]),
    ]
    early = (
        "SELECT count(*) FROM event_record JOIN task_record USING (trial_id, seq) "
        "WHERE event = 'succeeded' AND heard_ns < end_ns"
    )
    assert query(early) == [(0,)]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_requests_send_tasks(point_trial: Trial, query: Query, framework: str) -> None:
    found = sound(point_trial(framework, "fastapi", ""))
    if "request_p50" in found:  # not where the machine stalls
        assert found["request_p50"] > found["enqueue_p50"] > 0
    assert found["lifespan_start"] < 1000 * found["web_start"]
    assert found["lifespan_stop"] < 1000 * found["web_stop"]
    assert found["web_cpu_per_task"] > 0
    within = (
        "SELECT count(*), bool_and(r.send_ns >= t.send_ns AND r.ack_ns <= t.ack_ns) "
        "FROM request_record r JOIN task_record t USING (trial_id, seq)"
    )
    assert query(within) == [(found["issued"], True)]
