"""The capacity that a comparison's loads are shares of: the slowest arm's."""

from harness.cli.progress import TrialProgress
from harness.experiment.capacity import (
    CALIBRATOR,
    OVERLOADER,
    capacity_of,
    overload_point,
    rough_rate,
)
from harness.experiment.comparison.blocks import run_arm
from harness.experiment.comparison.comparison import Comparison
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import Point
from harness.store.vocabulary import Purpose
from harness.trial.plan import Setup
from infrastructure.errors import BenchError


def calibrate(comparison: Comparison, progress: TrialProgress) -> None:
    """Measure it, so that all arms get the same tasks a second. Raises BenchError when an arm
    drains nothing.
    """
    drain, open_loop = load_scenario(CALIBRATOR), load_scenario(OVERLOADER)
    expected = [
        drain.expected_s(Point(comparison.size)),
        open_loop.expected_s(overload_point(comparison.size, 1000.0)),
    ]
    progress.expect(expected * len(comparison.setups))
    rates = [capacity_of_arm(comparison, setup, progress) for setup in comparison.setups]
    comparison.capacity = min(rates)


def capacity_of_arm(comparison: Comparison, setup: Setup, progress: TrialProgress) -> float:
    """By a drain, then by an open loop that is too much. Raises BenchError."""
    drain, open_loop = load_scenario(CALIBRATOR), load_scenario(OVERLOADER)
    point, purpose = Point(comparison.size), Purpose.CALIBRATE
    drained = run_arm(comparison, setup, drain, point, 0, purpose, progress)
    rate = rough_rate([drained])
    if rate is None:
        name, reason = comparison.name(setup.number), drained.reason
        raise BenchError(f"{name}: no capacity measured: {reason}")
    point = overload_point(comparison.size, rate)
    overloaded = run_arm(comparison, setup, open_loop, point, 0, purpose, progress)
    return capacity_of([drained, overloaded]) or rate
