"""Blocks of two arms: every pair once in each round, in random order.

All arms of a long series in one block would stand still for too long at a time, and one that fails
would void the block of all.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from harness.cli.forecast import Forecast
from harness.experiment.comparison.comparison import Comparison
from harness.scenario.catalogue import Load

Places = tuple[int, int]  # of two arms among all


@dataclass
class InPairs(Comparison):
    """``blocks``: rounds, each of a block for every pair. ``tried``: each arm's tasks/s when it was
    tried. ``stops``: it may end early, when every pair is known well enough.
    """

    tried: Sequence[float] = ()
    stops: bool = False
    longest_block_s: float = field(default=0.0)

    @property
    def side_by_side(self) -> int:
        return 2

    def schedule(self) -> Iterator[tuple[int, Places]]:
        """The blocks by number, in the order in which they are run, each with its arms. A number
        says round and pair, whatever the order.
        """
        rng = np.random.default_rng(self.seed)
        for done in range(self.blocks):
            for pair in rng.permutation(len(self.pairs)):
                first, then = rng.permutation(self.pairs[pair])  # where they do not take turns
                yield done * len(self.pairs) + int(pair) + 1, (int(first) - 1, int(then) - 1)

    def round_of(self, block: int) -> int:
        """Of a block by number, from 1."""
        return (block - 1) // len(self.pairs) + 1

    @property
    def calibrated(self) -> Sequence[int]:
        """The fixed arm, or the first, and the slowest of the others."""
        others = range(1, len(self.setups))
        return [0, min(others, key=lambda arm: self.tried[arm])]

    def rates(self, _load: Load, found: Sequence[float]) -> Sequence[float]:
        """Of all arms, tasks/s: as they were tried, by as much more or less as the two that took
        turns.
        """
        more = sum(found) / sum(self.tried[arm] for arm in self.calibrated)
        return [rate * more for rate in self.tried]

    @property
    def expected_block_s(self) -> float:
        """By what is known before one was run."""
        return Forecast().expects_s(self.planned_block())

    def time_for(self, seconds: float) -> bool:
        """Whether so long is left."""
        left_s = (self.max_time_s or float("inf")) - (time.monotonic() - self.begun)
        return seconds <= left_s
