"""Claims as a list of steps: bundle after bundle, block after block, while there is time."""

from collections.abc import Collection, Sequence

import numpy as np

from harness.cli.forecast import Forecast
from harness.cli.progress import TrialProgress
from harness.experiment.claims.claims import Claims
from harness.experiment.comparison.blocks import run_arm
from harness.experiment.order import plan_blocks
from harness.experiment.survey.sound import take_out, void
from harness.store.vocabulary import Purpose
from harness.trial.outcome import Outcome

Done = Collection[tuple[int, int]]  # blocks and sides


def run(claims: Claims, done: Done = ()) -> None:
    """Carry out what is missing of the plan; every trial is stored as it ends."""
    rng = np.random.default_rng(claims.seed)
    with TrialProgress(claims.console, []) as progress:
        for bundle in claims.bundles:
            progress.expect(claims.planned_sides(bundle) * len(missing(claims, bundle, done)))
        forecast = Forecast()
        for number, bundle in enumerate(claims.bundles, 1):
            order = orders(len(bundle), claims.blocks, rng)
            for block in missing(claims, bundle, done):
                if not claims.time_for(forecast.expects_s(claims.planned_sides(bundle))):
                    claims.console.print(f"no time for block {block} of bundle {number}")
                    break
                for place in order[block - 1]:
                    sound_trial(claims, bundle[place], block, progress)


def missing(claims: Claims, bundle: Sequence[int], done: Done) -> list[int]:
    """The blocks of a bundle that are not there."""
    every = range(1, claims.blocks + 1)
    return [block for block in every if not all((block, side) in done for side in bundle)]


def orders(sides: int, blocks: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """In each block; a side that is alone has no neighbours to be shuffled with."""
    return plan_blocks(sides, blocks, rng) if sides > 1 else [(0,)] * blocks


def sound_trial(claims: Claims, side: int, block: int, progress: TrialProgress) -> None:
    """A side once; a void one is run again, once."""
    setup, (scenario, point) = claims.setups[side], claims.place(side)
    where = f"block {block}, {claims.sides[side].load}, {claims.names[side]}"
    outcomes = list[Outcome]()

    def measure() -> list[str]:
        found = run_arm(claims, setup, scenario, point, block, Purpose.MEASURE, progress)
        outcomes.append(found)
        return void(found)

    for _ in claims.redo.again((claims.names[side], claims.sides[side].load), where, measure):
        progress.expect([claims.planned_side(side)])
        take_out(claims, outcomes[-1], where)
