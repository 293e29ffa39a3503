"""What scenarios plan."""

import importlib
import inspect
import re

import numpy as np
import pytest

from harness.scenario.catalogue import load_scenario, load_scenarios
from harness.scenario.point import FULL, QUICK, Size
from scenarios.multi_queue import shuffled
from scenarios.recovery import FAULTS
from tests.conftest import TINY


def test_points_have_names_of_their_own_and_places() -> None:
    for scenario in load_scenarios().values():
        points = scenario.points(TINY)
        labels = [point.label for point in points]
        assert len(set(labels)) == len(labels)
        assert [point.number for point in points] == list(range(1, len(points) + 1))
        assert set(scenario.profiled) <= set(labels)
        assert all(scenario.expected_s(p.offered(1000.0)) > 0 for p in points)


@pytest.mark.parametrize("name", load_scenarios())
def test_a_scenario_says_what_it_asks_loads_measures_and_what_voids_it(name: str) -> None:
    told = inspect.getdoc(importlib.import_module(f"scenarios.{name}")) or ""
    assert told.splitlines()[0].endswith("?")
    for word in (r"\bLoads?:\s", r"\bPrimary:\s", r"(?i)\bvoids?\b"):
        assert re.search(word, told), word


@pytest.mark.parametrize("size", [FULL, QUICK, TINY])
def test_a_backlog_is_labelled_by_what_it_is(size: Size) -> None:
    scenario = load_scenario("scalability")
    points = scenario.points(size)
    named = {p.label: p.options["tasks"] for p in points if not p.wants}
    assert named
    assert all(label == f"{tasks:,} tasks" for label, tasks in named.items())
    assert len({p.options["tasks"] for p in points if p.wants}) == 1


def test_every_fault_is_made_with_late_and_early_acks_at_full_size() -> None:
    points = load_scenario("recovery").points(FULL)
    made = {(p.options["fault"], p.wants["acks"]) for p in points}
    assert made == {(fault, acks) for fault in FAULTS for acks in ("late", "early")}
    assert all(("early acks" in p.label) == (p.wants["acks"] == "early") for p in points)


def test_queues_get_equal_parts_in_random_order() -> None:
    queues = shuffled(300, np.random.default_rng(1))["queue"]
    assert np.bincount(queues).tolist() == [100, 100, 100]
    assert queues[:3].tolist() != queues[3:6].tolist() or queues[:9].tolist() != [0, 1, 2] * 3
