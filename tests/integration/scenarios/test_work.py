"""Computing, waiting and mixed work on real frameworks: facts and bounds, no speeds."""

import numpy as np
import pytest

from tests.conftest import Query
from tests.integration.trials import CORES, FRAMEWORKS, Trial, sound


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_processes_share_computing(point_trial: Trial, query: Query, framework: str) -> None:
    label = f"{CORES} process" + ("es" if CORES > 1 else "")
    found = sound(point_trial(framework, "cpu_bound", label))
    assert found["bare_cpu_per_task"] > 0
    assert 0 < found["speed_up"] < 1.2 * CORES
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == CORES


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_waiting_tasks_overlap_in_one_process(
    point_trial: Trial, query: Query, framework: str
) -> None:
    found = sound(point_trial(framework, "io_bound", "fan-out 10"))
    assert 0 < found["overlap"] <= 1.1
    assert found["api_share"] < 0.5
    assert found["service_p50"] >= 100  # the API's latency, however many calls
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == 1


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_kinds_are_mixed_in_their_shares(point_trial: Trial, query: Query, framework: str) -> None:
    found = sound(point_trial(framework, "mixed", ""))
    kinds: dict[str, int] = dict(query("SELECT kind, count(*) FROM task_record GROUP BY kind"))
    total = sum(kinds.values())
    assert kinds == {"http": 0.6 * total, "parse": 0.3 * total, "digest": 0.1 * total}
    assert found.get("http_sojourn_p50", np.inf) >= 50  # none where the machine stalls


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    "label", ["computing in coroutines", "computing in threads", "waiting in processes"]
)
def test_the_mistakes_can_be_made(
    point_trial: Trial, query: Query, framework: str, label: str
) -> None:
    outcome = point_trial(framework, "antipatterns", label)
    if outcome.status == "gap":
        assert (framework, label) == ("celery", "computing in coroutines")
        return
    sound(outcome)
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == (1 if "computing" in label else CORES)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_workers_are_as_many_as_the_point_says(
    point_trial: Trial, query: Query, framework: str
) -> None:
    sound(point_trial(framework, "scalability", "4 workers"))
    assert query("SELECT DISTINCT processes FROM trial") == [(4,)]
    ready = "SELECT count(DISTINCT worker_pid) FROM warmup_record WHERE phase = 'ready'"
    assert query(ready) == [(4,)]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_settings_are_swept(point_trial: Trial, query: Query, framework: str) -> None:
    sound(point_trial(framework, "tuning", "noop, 2 × 16"))
    concurrency = {"asynctasq": 16, "celery": 1}[framework]
    assert query("SELECT processes, concurrency, prefetch FROM trial") == [(2, concurrency, 32)]
