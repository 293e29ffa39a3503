"""A series, or the fresh look at its steps, block by block while there is time."""

import time
from collections.abc import Collection

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.blocks import Block, run_block
from harness.experiment.comparison.calibration import calibrate
from harness.experiment.comparison.comparison import Key
from harness.experiment.comparison.measured import Measured, read_measured
from harness.experiment.comparison.pace import find_paces
from harness.experiment.comparison.stopping import narrow_enough
from harness.experiment.series.pairs import InPairs
from harness.experiment.series.prepare import Series
from harness.scenario.point import Point
from harness.store.vocabulary import Purpose
from harness.trial.plan import TrialPlan
from harness.trial.steps import run_trial


def run(found: InPairs, done: Collection[int]) -> bool:
    """Carry out what is missing; whether all of it is there then. ``done``: blocks that are."""
    missing = [(block, arms) for block, arms in found.schedule() if block not in done]
    if not missing:
        return True
    with TrialProgress(found.console, found.planned_block() * len(missing)) as progress:
        if not found.time_for(found.expected_block_s):
            return False
        find_paces(found, progress)
        if found.needs_capacity():
            calibrate(found, progress)
        for block, arms in missing:
            if known_well_enough(found, block):
                return True
            if not found.time_for(found.longest_block_s or found.expected_block_s):
                return False
            fit_backlogs(found)
            begun = time.monotonic()
            run_block(found, Block(block, tuple(arms)), progress)
            found.longest_block_s = max(found.longest_block_s, time.monotonic() - begun)
    return True


def fit_backlogs(found: InPairs) -> None:
    """Each arm's backlog goes by what it drained in its last block, once there is one: a small
    backlog of a cold worker says little.
    """
    measured = read_measured(found, Purpose.MEASURE) if found.paces else Measured()
    for load, pace in found.paces.items():
        blocks = sorted(measured.of(Key(*load, "drain_rate")).items())
        last = {arm: rate for _, by_arm in blocks for arm, rate in by_arm.items() if rate > 0}
        rates = [last.get(arm, rate) for arm, rate in enumerate(pace.rates, 1)]
        found.paces[load] = pace._replace(rates=rates)


def known_well_enough(found: InPairs, block: int) -> bool:
    """Whether the round of this block need not begin: on width, never on a result."""
    rounds = found.round_of(block) - 1
    begins = rounds * len(found.pairs) + 1
    first = next(number for number, _ in found.schedule() if number >= begins)
    return found.stops and block == first and narrow_enough(found, rounds)


def name_left_out(series: Series) -> None:
    """A row for each release that cannot be measured, with the reason."""
    for setup in series.left_out:
        for scenario in series.scenarios.values():
            series.position += 1
            number = f"{series.id}-{series.position:04}"
            point = Point(series.size)
            plan = TrialPlan(number, 0, series.position, scenario, point, Purpose.MEASURE, 0)
            run_trial(setup, plan)
