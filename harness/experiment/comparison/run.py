"""A comparison as a list of steps: calibrate, pilot, blocks."""

from collections.abc import Collection

import numpy as np

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.blocks import run_block
from harness.experiment.comparison.calibration import calibrate
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.pace import find_paces
from harness.experiment.comparison.pilot import size_by_pilot
from harness.experiment.comparison.stopping import narrow_enough, out_of_time
from harness.experiment.order import plan_blocks


def run(comparison: Comparison, done: Collection[int] = (), *, pilot: bool = False) -> None:
    """Carry out what is missing of the plan; every trial is stored as it ends.

    ``done``: blocks that are there already.
    """
    with TrialProgress(comparison.console, []) as progress:
        if comparison.needs_capacity():
            calibrate(comparison, progress)
        find_paces(comparison, progress)
        if pilot:
            size_by_pilot(comparison, progress)
        rng = np.random.default_rng(comparison.seed)
        order = plan_blocks(len(comparison.setups), comparison.blocks, rng)
        missing = [block for block in range(1, comparison.blocks + 1) if block not in done]
        progress.expect(comparison.planned_block() * len(missing))
        for block in missing:
            if out_of_time(comparison) or narrow_enough(comparison, block - 1):
                break
            run_block(comparison, block, order[block - 1], progress)
