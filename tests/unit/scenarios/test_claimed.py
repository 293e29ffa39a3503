"""Loads that others publish figures of: what is told of made-up records."""

from pathlib import Path

import pytest

from harness.measure.records import Records
from harness.scenario.point import FULL, QUICK
from scenarios.claimed import BODIES, COMPUTING, RUNNING, SCENARIO, STARTED, bodies, waiting
from tests.unit.scenarios.made import STEP_NS, TASKS, finished_run


@pytest.mark.parametrize("label", [RUNNING, STARTED])
def test_the_overall_rate_counts_from_the_beginning(tmp_path: Path, label: str) -> None:
    run, records = finished_run(tmp_path), Records.read(tmp_path)
    run.marks["begun"] = -TASKS * STEP_NS  # as long before the first send as the load took
    [point] = [point for point in SCENARIO.points(QUICK) if point.label == label]
    found = {m.name: m.value for m in SCENARIO.measure(run, point, records).metrics}
    assert found["overall_rate"] == pytest.approx(500, rel=0.01)  # a task a millisecond
    assert found["drain_rate"] == pytest.approx(1_000, rel=0.01)


def test_a_body_is_measured_as_a_backlog(tmp_path: Path) -> None:
    run, records = finished_run(tmp_path), Records.read(tmp_path)
    [point] = [point for point in SCENARIO.points(QUICK) if point.label in list(BODIES)[:1]]
    found = {m.name for m in SCENARIO.measure(run, point, records).metrics}
    assert {"drain_rate", "workers_cpu_per_task"} <= found
    assert "overall_rate" not in found


def test_as_much_is_computed_however_slow_the_warm_up_was(tmp_path: Path) -> None:
    """A warm-up that has no record yet would say nothing."""
    run = finished_run(tmp_path)
    for size, tasks in ((FULL, 500), (QUICK, 50)):
        [point] = [point for point in SCENARIO.points(size) if point.label == COMPUTING]
        assert bodies(run, point) == tasks


def test_small_sizes_wait_with_fewer_tasks() -> None:
    assert waiting(FULL) == 10_000
    assert waiting(QUICK) == 1_000
