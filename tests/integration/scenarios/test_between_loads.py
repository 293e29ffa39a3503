"""Workers at rest, bursts, results and big backlogs on real frameworks: facts, no speeds."""

import pytest

from scenarios.burst import BURSTS, LEAST_TASKS, MOST_PROCESSES
from tests.integration.trials import FRAMEWORKS, Trial, sound


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_idle_workers_listen_to_every_queue(point_trial: Trial, framework: str) -> None:
    found = sound(point_trial(framework, "idle", "10 queues"))
    assert found["issued"] == 10
    assert found["workers_idle_pss"] > 0
    totals = {"broker_idle_commands", "broker_idle_cpu", "broker_idle_pss"}
    named = {name for name in found if name.startswith("broker_idle_")} - totals
    assert named
    assert found["broker_idle_commands"] == pytest.approx(sum(found[name] for name in named))


def test_a_pool_that_scales_itself_grows_in_a_burst_and_shrinks_in_a_rest(
    point_trial: Trial,
) -> None:
    found = sound(point_trial("celery", "burst", "autoscaled"))
    assert found["issued"] == BURSTS * LEAST_TASKS
    assert found["worker_processes_most"] == 1 + MOST_PROCESSES  # and their parent
    assert found["worker_processes_least"] <= found["worker_processes_most"]
    assert 0 < found["time_to_first"] <= found["time_to_last"]


def test_a_framework_that_lacks_it_has_a_gap(point_trial: Trial) -> None:
    for scenario, point in (("burst", "autoscaled"), ("results", "1 caller")):
        assert point_trial("asynctasq", scenario, point).status == "gap"


def test_callers_get_their_results(point_trial: Trial) -> None:
    found = sound(point_trial("celery", "results", "10 callers"))
    assert 0 < found["return_p50"] < found["round_trip_p50"]


def test_results_are_stored_and_go_away_in_time(point_trial: Trial) -> None:
    found = sound(point_trial("celery", "results", "stored"))
    assert found["results_left"] >= found["issued"]
    assert found["results_kept"] < 0.5
    without = sound(point_trial("celery", "results", "not stored"))
    assert found["left_bytes_per_task"] - without["left_bytes_per_task"] > 100
    assert "results_left" not in without


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_backlog_is_sent_without_workers_and_drained_by_new_ones(
    point_trial: Trial, framework: str
) -> None:
    found = sound(point_trial(framework, "big_backlog", ""))
    assert found["broker_bytes_per_task"] > 50
    assert found["depth_deep"] > found["depth_shallow"] > 0
