"""What a session takes for an arm's capacity."""

from types import SimpleNamespace
from typing import Any

import pytest

from harness.experiment.bench.plan import BenchPlan
from harness.experiment.capacity import capacity_of, gentler, overload_point
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK
from harness.store.vocabulary import Purpose, Status


def outcome(status: Status = Status.OK, **metrics: float) -> Any:
    return SimpleNamespace(status=status, metrics=metrics)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], None),
        ([outcome(Status.FAILED, drain_rate=9.0)], None),
        ([outcome(drain_rate=900.0), outcome(drain_rate=1100.0)], 1000.0),
        ([outcome(drain_rate=1000.0, drain_rate_live=800.0)], 800.0),
        ([outcome(drain_rate=700.0, drain_rate_live=800.0)], 700.0),
        ([outcome(drain_rate=1000.0), outcome(Status.INVALID, open_loop_capacity=600.0)], 600.0),
    ],
)
def test_what_was_sustained_under_overload_counts_more_than_any_drain(
    outcomes: list[Any], expected: float | None
) -> None:
    assert capacity_of(outcomes) == expected


def test_producers_that_take_the_workers_cores_are_slowed_down_once() -> None:
    """AsyncTasQ on two cores: offered 5,336 tasks/s, it completed 334."""
    assert gentler(4104.0, outcome(open_loop_capacity=334.0)) == pytest.approx(1171, abs=1)
    assert gentler(1000.0, outcome(open_loop_capacity=650.0)) is None
    assert gentler(1000.0, outcome()) is None  # it was not even too much
    both = [outcome(open_loop_capacity=rate) for rate in (334.0, 1400.0)]
    assert capacity_of(both) == 1400


def test_the_overload_is_offered_once_the_drains_are_done_and_before_any_share() -> None:
    names = ("throughput", "latency")
    steps = BenchPlan({name: load_scenario(name) for name in names}, QUICK, trials=1).steps()
    assert [(s.scenario.name, s.point.label, s.purpose) for s in steps] == [
        ("throughput", "", Purpose.MEASURE),
        ("latency", "overload", Purpose.CALIBRATE),
        ("latency", "load 0.3", Purpose.MEASURE),
        ("latency", "load 0.5", Purpose.MEASURE),
        ("latency", "load 0.7", Purpose.MEASURE),
    ]


def test_a_bench_of_open_loops_alone_drains_a_backlog_first() -> None:
    steps = BenchPlan({"latency": load_scenario("latency")}, QUICK, trials=1).steps()
    assert [s.scenario.name for s in steps[:2]] == ["throughput", "latency"]
    assert [s.purpose for s in steps[:2]] == [Purpose.CALIBRATE] * 2


def test_the_overload_is_more_than_the_rough_rate() -> None:
    assert overload_point(QUICK, 1000.0).rate == pytest.approx(1300.0)
