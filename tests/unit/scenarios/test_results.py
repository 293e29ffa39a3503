"""Results: what is told of calls and of what they leave."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.layouts import SEND_TYPE
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL, QUICK
from scenarios.results import left_behind, rate_of


def run_with(**facts: float) -> Any:
    return SimpleNamespace(facts=facts)


def test_what_results_leave_is_told_a_task_and_how_much_outlives_its_time() -> None:
    run = run_with(bytes_before=1_000.0, bytes_after=21_000.0, entries_left=200, entries_kept=50)
    found = {m.name: m.value for m in left_behind(run, 100)}
    assert found == {"left_bytes_per_task": 200, "results_left": 200, "results_kept": 0.25}


def test_nothing_left_has_no_share_that_is_kept() -> None:
    assert left_behind(run_with(entries_left=0), 100) == []


def test_calls_count_until_the_last_result() -> None:
    sends = np.zeros(4, SEND_TYPE)
    sends["send"] = np.array([0, 1, 2, 3]) * 1_000_000_000
    sends["ack"] = sends["send"] + 5_000_000_000
    assert rate_of(sends) == pytest.approx(0.5)


def test_every_point_but_one_stores_results_and_callers_are_as_many_as_it_says() -> None:
    for size in (FULL, QUICK):
        points = load_scenario("results").points(size)
        assert [p.label for p in points if not p.wants] == ["not stored"]
        assert [p.options["callers"] for p in points if p.options] == [1, 10, 100]
