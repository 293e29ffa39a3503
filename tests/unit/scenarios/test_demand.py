"""Loads that are held and loads that are not: both are answers."""

import pytest

from harness.measure.metrics import Metric
from harness.measure.validity import UNSTEADY
from harness.scenario.open_loop import UNDEFINED
from harness.scenario.point import FULL, QUICK
from harness.scenario.scenario import Measures
from scenarios.demand import LEAST_TASKS, SCENARIO, judged


def held(found: Measures) -> float:
    return next(m.value for m in judged(found).metrics if m.name == "slo_passed")


def test_every_load_meets_every_number_of_workers_with_enough_tasks_for_a_p99() -> None:
    points = SCENARIO.points(FULL)
    assert len({(p.options["rate"], p.wants["processes"]) for p in points}) == len(points) == 9
    assert {SCENARIO.tasks(point) for point in SCENARIO.points(QUICK)} == {LEAST_TASKS, 2000, 4000}
    over = next(p for p in points if (p.options["rate"], p.wants["processes"]) == (400, 1))
    assert SCENARIO.expected_s(over) > 20  # 4,000 tasks of 5 ms, by one worker


@pytest.mark.parametrize(("p99", "passed"), [(200.0, 1), (200.1, 0)])
def test_a_load_is_held_where_p99_is_within_the_objective(p99: float, passed: int) -> None:
    assert held(Measures([Metric("sojourn_p99", p99, "ms")], [])) == passed


def test_a_backlog_that_grows_is_an_answer_and_no_fault() -> None:
    found = judged(Measures([], [f"{UNDEFINED}: the backlog grew", f"{UNSTEADY}: it drifted"]))
    assert found.void == []
    assert len(found.remarks) == 2
    assert held(Measures([], [f"{UNDEFINED}: the backlog grew"])) == 0


def test_a_lost_task_voids_the_trial_whatever_its_latency() -> None:
    lost = Measures([Metric("sojourn_p99", 1.0, "ms")], ["1 task(s) lost"])
    assert judged(lost).void == ["1 task(s) lost"]
    assert held(lost) == 0
