"""What adapters say alike: topologies of what a scenario takes, priorities, refusals."""

from dataclasses import replace
from typing import Any

import pytest

from tasks.adapter import Gap
from tasks.profiles import (
    MATCHED,
    coroutine_topology,
    priority_of,
    refuse,
    refuse_all_but_late_json,
    thread_topology,
)
from tasks.spec import Spec, Topology

STOCK = Topology(processes=1, concurrency=10, prefetch=10, acks="late")


def spec(profile: str = "matched", **wants: Any) -> Spec:
    return Spec("x", "postgresql", "", profile, "", "", wants=wants)


@pytest.mark.parametrize(
    ("wants", "processes", "concurrency"),
    [
        ({}, 2, 1),
        ({"waiting": 20}, 1, 20),
        ({"coroutines": 2}, 1, 2),
        ({"threads": 3}, 1, 3),
        ({"computing": 4}, 4, 1),
        ({"waiting": 10, "computing": 2}, 1, 10),
        ({"processes": 4}, 4, 1),
        ({"processes": 1, "reserved": 16}, 1, 16),
    ],
)
def test_coroutines_are_as_many_as_the_scenario_takes(
    wants: dict[str, Any], processes: int, concurrency: int
) -> None:
    found = coroutine_topology(spec(**wants), MATCHED)
    assert found == Topology(processes, concurrency, processes * concurrency, "late")


@pytest.mark.parametrize(
    ("wants", "processes", "threads", "reserved"),
    [
        ({}, 2, 8, 32),
        ({"waiting": 20}, 1, 20, 40),
        ({"coroutines": 2}, 1, 2, 4),
        ({"computing": 4}, 4, 1, 8),
        ({"waiting": 20, "computing": 3}, 3, 7, 42),
        ({"processes": 4}, 4, 8, 64),
        ({"processes": 2, "reserved": 16}, 2, 8, 32),
    ],
)
def test_threads_are_as_many_as_the_scenario_takes_and_reserve_as_the_profile_does(
    wants: dict[str, Any], processes: int, threads: int, reserved: int
) -> None:
    usual = Topology(processes=2, concurrency=8, prefetch=32, acks="late")
    found = thread_topology(spec("tuned", **wants), usual)
    assert found == Topology(processes, threads, reserved, "late")


def test_the_stock_command_line_stays_as_it_is() -> None:
    served: list[dict[str, Any]] = [{}, {"waiting": 20, "computing": 2}, {"processes": 1}]
    for wants in served:
        assert coroutine_topology(spec("default", **wants), STOCK) == STOCK
    refused: list[dict[str, Any]] = [{"processes": 4}, {"computing": 2}, {"reserved": 1}]
    for wants in refused:
        for topology in (coroutine_topology, thread_topology):
            with pytest.raises(Gap, match="the stock command line stays as it is"):
                topology(spec("default", **wants), STOCK)


def test_the_first_queue_is_the_most_urgent() -> None:
    queues = ["high", "default", "low"]
    assert [priority_of(spec(queues=queues), name) for name in ("", *queues)] == [0, 2, 1, 0]
    assert priority_of(spec("default", queues=queues), "high") == 0


@pytest.mark.parametrize("wants", [{"serializer": "pickle"}, {"model": "whole"}])
def test_what_is_not_json_is_a_gap(wants: dict[str, Any]) -> None:
    with pytest.raises(Gap, match="Oban keeps a job's arguments as JSON, always"):
        refuse_all_but_late_json(spec(**wants), "Oban")


def test_early_acknowledgement_is_a_gap() -> None:
    with pytest.raises(Gap, match="a job of Oban's is done when it has ended, always"):
        refuse_all_but_late_json(spec(acks="early"), "Oban")
    refuse_all_but_late_json(spec(acks="late", serializer="json", model="id"), "Oban")


@pytest.mark.parametrize(
    ("wants", "said"),
    [
        ({"results": 60}, "stores no result"),
        ({"autoscale": 4}, "does not scale itself"),
        ({"events": True}, "in its own words"),
        ({"tea": True}, "the x adapter cannot give: tea"),
    ],
)
def test_what_few_can_give_is_a_gap_unless_the_adapter_says_that_it_does(
    wants: dict[str, Any], said: str
) -> None:
    with pytest.raises(Gap, match=said):
        refuse(spec(**wants), {"events": "in its own words"})
    refuse(spec(results=60, autoscale=4, queues=["default"]), {}, {"results", "autoscale"})


def test_an_arm_takes_its_own_workers_where_the_scenario_names_none() -> None:
    own = replace(spec(), options={"take": {"processes": 10, "reserved": 100}})
    assert own.taking({}).wants == {"processes": 10, "reserved": 100}
    assert own.taking({"processes": 1}).wants == {"processes": 1, "reserved": 100}
    assert spec().taking({"processes": 1}).wants == {"processes": 1}
    found = coroutine_topology(own.taking({}), STOCK)
    assert (found.processes, found.concurrency) == (10, 100)
