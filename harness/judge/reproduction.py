"""What is said of a claim that somebody has published: it has bounds, named before the run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from harness.cli.claims import Bounds, Region
from harness.judge.signed_ranks import LEVEL, hodges_lehmann, least_blocks, signed_rank_interval

LEAST_BLOCKS = least_blocks(LEVEL)  # with which there is an interval


class Finding(StrEnum):
    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not reproduced"
    UNDECIDABLE = "not decidable"


@dataclass(frozen=True)
class Figure:
    """A ratio, or an arm's figure, over ``blocks``: its estimate and 95 % interval, which are
    None below the number of blocks that gives one.
    """

    blocks: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def figure_of(logs: Sequence[float]) -> Figure:
    """Of one logarithm a block: pseudomedian and signed-rank interval (``judge.signed_ranks``)."""
    if len(logs) < LEAST_BLOCKS:
        return Figure(len(logs))
    values = np.asarray(logs)
    interval = signed_rank_interval(values)
    ends = (hodges_lehmann(values), interval.low, interval.high)
    return Figure(len(logs), *map(math.exp, ends))


def decide(bounds: Bounds, found: Figure) -> Finding:
    """Reproduced only where the whole interval lies in that region, not reproduced only where it
    lies in one of the others.
    """
    if within(bounds.confirm, found):
        return Finding.REPRODUCED
    refuted = any(within(region, found) for region in bounds.refute)
    return Finding.NOT_REPRODUCED if refuted else Finding.UNDECIDABLE


def within(region: Region, found: Figure) -> bool:
    """Whether there is an interval, and all of it lies there."""
    if found.low is None or found.high is None:
        return False
    return region.low <= found.low and found.high <= region.high


def undecided(bounds: Bounds, found: Figure) -> str:
    """Why nothing is decided, in words."""
    if found.low is None or found.high is None:
        blocks = "1 block gives" if found.blocks == 1 else f"{found.blocks} blocks give"
        return f"{blocks} no interval, which takes {LEAST_BLOCKS}"
    every = (bounds.confirm, *bounds.refute)
    if found.low > max(region.high for region in every):
        return "the whole interval lies beyond what was claimed, and nothing was to refute that"
    return "the interval is not wholly in a region that decides"
