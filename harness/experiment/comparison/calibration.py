"""The capacity that a comparison's loads are shares of: the slowest arm's."""

import math
from operator import itemgetter

from harness.cli.progress import TrialProgress
from harness.experiment.capacity import (
    CALIBRATOR,
    OVERLOAD,
    OVERLOADER,
    capacity_of,
    gentler,
    overload_point,
    rough_rate,
)
from harness.experiment.comparison.blocks import run_arm
from harness.experiment.comparison.comparison import Comparison
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import Point
from harness.store.vocabulary import Purpose
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup
from infrastructure.errors import BenchError


def calibrate(comparison: Comparison, progress: TrialProgress) -> None:
    """Find out what all arms sustain, so that all get the same tasks a second. Raises BenchError
    when an arm drains nothing.

    The slowest is overloaded first. The others are offered no more than is too much for it: what
    is wanted is whether they sustain that, and a load of several times as much would have its own
    producers take their cores.
    """
    rates = rates_in_turns(comparison) or measure_rates(comparison, progress)
    capacity = math.inf
    for rate, setup in sorted(zip(rates, comparison.setups, strict=True), key=itemgetter(0)):
        sustained = sustained_rate(comparison, setup, min(rate, capacity), progress)
        capacity = min(capacity, sustained)
    comparison.capacity = capacity


def rates_in_turns(comparison: Comparison) -> list[float]:
    """Of each arm, tasks/s, where its drains have taken turns; empty where they have not. No
    producer was beside them, so that a drain's rate is already an overload where cores are shared.
    """
    pace = comparison.paces.get((CALIBRATOR, ""))
    return [rate / OVERLOAD for rate in pace.rates] if pace else []


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
    outcomes = [overloaded(comparison, setup, rate, progress)]
    if less := gentler(rate, outcomes[0]):
        outcomes.append(overloaded(comparison, setup, less, progress))
    return capacity_of(outcomes) or rate


def overloaded(
    comparison: Comparison, setup: Setup, rate: float, progress: TrialProgress
) -> Outcome:
    """An open loop that is too much for an arm of this rate, tasks/s."""
    scenario, point = load_scenario(OVERLOADER), overload_point(comparison.size, rate)
    progress.expect([comparison.expected[setup.number - 1].planned(scenario, point)])
    return run_arm(comparison, setup, scenario, point, 0, Purpose.CALIBRATE, progress)
