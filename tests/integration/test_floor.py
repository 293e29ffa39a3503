"""The floor: every broker's client alone does the same work as a framework, at small size."""

import pytest

from harness.trial.steps import run_trial
from infrastructure.names import NAMES
from scenarios.latency import LEAST_TASKS
from tests.conftest import Query, make_plan
from tests.integration.trials import MakeArm, MakeSetup, Trial, chosen, sound


@pytest.mark.parametrize("broker", NAMES)
def test_bytes_are_carried(on_broker: MakeArm, trial: Trial, broker: str) -> None:
    point = chosen("serialization", "binary 100 KiB")
    found = sound(trial(on_broker("raw", broker), "serialization", **point))
    assert found["payload_size"] == 102_400


@pytest.mark.parametrize("broker", NAMES)
def test_the_floor_has_latencies(
    on_broker: MakeArm, make_setup: MakeSetup, query: Query, broker: str
) -> None:
    """At a stated load, as in a comparison; the metrics are those that a ratio is made of."""
    setup = make_setup(on_broker("raw", broker))
    outcome = run_trial(setup, make_plan(setup, "latency", fraction=0.5, capacity=600.0))
    found = sound(outcome)
    assert found["offered_rate"] == 300
    assert found["issued"] == LEAST_TASKS
    assert found["workers_cpu_per_task"] > 0
    if "unstable" not in outcome.reason:  # a machine that stalls makes a backlog
        assert found["sojourn_p99"] >= found["sojourn_p50"] >= found["service_p50"] > 0
    assert query("SELECT framework, load_fraction * capacity FROM trial") == [("raw", 300.0)]
    late = "SELECT count(*) FILTER (end_ns < start_ns OR start_ns < send_ns) FROM task_record"
    assert query(late) == [(0,)]


@pytest.mark.parametrize("broker", NAMES)
def test_the_floor_acknowledges_before_the_task_where_it_is_told_to(
    on_broker: MakeArm, trial: Trial, broker: str
) -> None:
    outcome = trial(on_broker("raw", broker, variant="early"), "throughput")
    found = sound(outcome)
    assert outcome.trial.acks == "early"
    assert found["left_in_broker"] == 0


def test_the_floor_is_no_framework(on_broker: MakeArm, trial: Trial) -> None:
    outcome = trial(on_broker("raw", "redis"), "multi_queue", **chosen("multi_queue", ""))
    assert outcome.status == "gap"
