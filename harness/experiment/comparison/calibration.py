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
    """Measure how fast each arm is, roughly, and what all sustain where open loops are compared, so
    that all get the same tasks a second. Raises BenchError when an arm drains nothing.
    """
    rates = measure_rates(comparison, progress)
    overloader, point = load_scenario(OVERLOADER), overload_point(comparison.size)
    progress.expect([each.planned(overloader, point) for each in comparison.expected])
    comparison.capacity = min(
        sustained_rate(comparison, setup, rate, progress)
        for setup, rate in zip(comparison.setups, rates, strict=True)
    )


def measure_rates(comparison: Comparison, progress: TrialProgress) -> list[float]:
    """A drain of each arm, tasks/s. Raises BenchError where one drains nothing."""
    scenario, point = load_scenario(CALIBRATOR), Point(comparison.size)
    progress.expect([each.planned(scenario, point) for each in comparison.expected])
    rates = []
    for setup in comparison.setups:
        outcome = run_arm(comparison, setup, scenario, point, 0, Purpose.CALIBRATE, progress)
        rate = rough_rate([outcome])
        if rate is None:
            name, reason = comparison.name(setup.number), outcome.reason
            raise BenchError(f"{name}: no capacity measured: {reason}")
        rates.append(rate)
    return rates


def sustained_rate(
    comparison: Comparison, setup: Setup, rate: float, progress: TrialProgress
) -> float:
    """What an arm completes while it is offered more than its rough rate, tasks/s."""
    scenario, point = load_scenario(OVERLOADER), overload_point(comparison.size, rate)
    outcome = run_arm(comparison, setup, scenario, point, 0, Purpose.CALIBRATE, progress)
    return capacity_of([outcome]) or rate
