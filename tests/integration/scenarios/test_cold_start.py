"""Starts of real workers."""

import pytest

from tests.conftest import Query
from tests.integration.trials import FRAMEWORKS, Trial, sound


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_cold_start_ends_with_a_task(point_trial: Trial, query: Query, framework: str) -> None:
    found = sound(point_trial(framework, "cold_start", "no bytecode"))
    assert found["time_to_first_task"] > found["import_time"] / 2 > 0
    assert 0 < found["time_to_ready"] < 60_000
    assert found["memory_at_rest"] > 10_000_000
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == found["issued"]  # each start has its own process


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_plugins_are_loaded(point_trial: Trial, framework: str) -> None:
    sound(point_trial(framework, "cold_start", "bytecode, 50 plugins"))
