"""A comparison as a list of steps: calibrate, pilot, blocks."""

from collections.abc import Collection, Iterator

import numpy as np

from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.machines import Machines, this_machine
from harness.experiment.comparison.pilot import size_by_pilot
from harness.experiment.comparison.stopping import narrow_enough, out_of_time
from harness.experiment.order import plan_blocks


def run(comparison: Comparison, done: Collection[int] = (), *, pilot: bool = False) -> None:
    """Carry out on this machine what is missing of the plan; every trial is stored as it ends.

    ``done``: blocks that are there already.
    """
    with this_machine(comparison) as machines:
        run_on(machines, comparison, done, pilot=pilot)


def run_on(
    machines: Machines, comparison: Comparison, done: Collection[int] = (), *, pilot: bool = False
) -> None:
    """The same on these."""
    machines.learn()
    if pilot:
        size_by_pilot(comparison, machines)
    machines.expect(comparison.blocks - len(done))
    machines.carry_out(missing(comparison, done))


def missing(comparison: Comparison, done: Collection[int]) -> Iterator[Block]:
    """The blocks of the plan that are not there, until the time is over or enough is known."""
    rng = np.random.default_rng(comparison.seed)
    order = plan_blocks(len(comparison.setups), comparison.blocks, rng)
    begun = len(done)
    for number in range(1, comparison.blocks + 1):
        if number in done:
            continue
        if out_of_time(comparison) or narrow_enough(comparison, begun):
            return
        begun += 1
        yield Block(number, order[number - 1])
