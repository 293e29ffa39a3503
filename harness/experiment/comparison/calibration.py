"""The capacity that a comparison's loads are shares of: the slowest arm's."""

from harness.cli.progress import TrialProgress
from harness.experiment.capacity import CALIBRATOR, capacity_of
from harness.experiment.comparison.blocks import run_arm
from harness.experiment.comparison.comparison import Comparison
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import Point
from harness.store.vocabulary import Purpose
from infrastructure.errors import BenchError


def calibrate(comparison: Comparison, progress: TrialProgress) -> None:
    """Measure it, so that all arms get the same tasks a second. Raises BenchError when an arm
    drains nothing.
    """
    rates = []
    point, scenario = Point(comparison.size), load_scenario(CALIBRATOR)
    progress.expect([scenario.expected_s(point)] * len(comparison.setups))
    for setup in comparison.setups:
        outcome = run_arm(comparison, setup, scenario, point, 0, Purpose.CALIBRATE, progress)
        rate = capacity_of([outcome])
        if rate is None:
            name, reason = comparison.name(setup.number), outcome.reason
            raise BenchError(f"{name}: no capacity measured: {reason}")
        rates.append(rate)
    comparison.capacity = min(rates)
