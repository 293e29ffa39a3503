"""Who carries the blocks of a comparison out: this machine, or those of ``experiment.cluster``.

A block is carried out whole, with all its arms, by one machine, and by the same code everywhere.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.blocks import Block, run_block
from harness.experiment.comparison.calibration import calibrate
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.pace import find_paces


class Machines(Protocol):
    """Machines at work on a comparison. What they measured is stored when a method returns."""

    def learn(self) -> None:
        """Measure what the blocks need to know: the capacity, and how arms take turns."""

    def expect(self, blocks: int) -> None:
        """So many blocks, at most, are to come."""

    def carry_out(self, blocks: Iterable[Block]) -> None:
        """Each of them; the next is asked for when there is a machine for it."""


class ThisMachine:
    """The only one: one block after the other."""

    def __init__(self, comparison: Comparison, progress: TrialProgress) -> None:
        self.comparison, self.progress = comparison, progress

    def learn(self) -> None:
        find_paces(self.comparison, self.progress)  # which says how fast drains are, too
        if self.comparison.needs_capacity():
            calibrate(self.comparison, self.progress)

    def expect(self, blocks: int) -> None:
        self.progress.expect(self.comparison.planned_block() * blocks)

    def carry_out(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            run_block(self.comparison, block, self.progress)


@contextmanager
def this_machine(comparison: Comparison) -> Iterator[Machines]:
    with TrialProgress(comparison.console, []) as progress:
        yield ThisMachine(comparison, progress)
