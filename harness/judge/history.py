"""A series of releases, each measured beside the same fixed one in a few blocks: levels with their
intervals, and where two neighbours differ.

A few blocks say little about their own scatter. All releases are measured alike, so that they share
one: the pooled standard deviation of a one-way layout, with Student's t of its degrees of freedom
(Snedecor and Cochran, Statistical Methods, 8th ed., 1989, section 12.2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import stats

from harness.judge.families import benjamini_hochberg
from harness.judge.signed_ranks import LEVEL
from harness.measure.layouts import Array

type Rows = Sequence[Array]  # of each release the log-ratios of its blocks
FALSE = 0.2  # of the candidates may be chance: a fresh comparison sorts them out
LEAST_BLOCKS = 2  # of a release


@dataclass(frozen=True)
class Level:
    """A release over the fixed one, as ratios, with a 95 % interval by the pooled scatter."""

    blocks: int
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Neighbours:
    """Two releases in a row: ``index`` is the place of the later one, ``step`` the difference of
    their log levels, ``p`` two-sided by the pooled scatter, Benjamini and Hochberg over all.
    """

    index: int
    step: float
    p: float


def scatter(rows: Rows) -> tuple[float, int]:
    """The pooled standard deviation of a block's log-ratio, and its degrees of freedom. Raises
    ValueError where a release has no block, or none has two.
    """
    if not all(map(len, rows)):
        raise ValueError("a release without a block has no level")
    freedom = sum(len(row) - 1 for row in rows)
    if freedom < 1:
        raise ValueError("a scatter takes a release with two blocks at least")
    squares = sum(float(np.sum((row - np.mean(row)) ** 2)) for row in rows)
    return math.sqrt(squares / freedom), freedom


def levels(rows: Rows) -> list[Level]:
    """Of each release, in order. Raises ValueError as ``scatter`` does."""
    spread, freedom = scatter(rows)
    quantile = float(stats.t.ppf((1 + LEVEL) / 2, freedom))
    return [level(row, quantile * spread) for row in rows]


def level(row: Array, half_of_one: float) -> Level:
    """``half_of_one``: half the interval of a single block."""
    mean, half = float(np.mean(row)), half_of_one / math.sqrt(len(row))
    return Level(len(row), math.exp(mean), math.exp(mean - half), math.exp(mean + half))


def neighbours(rows: Rows) -> list[Neighbours]:
    """Of each two releases in a row; nothing where there is but one."""
    spread, freedom = scatter(rows)
    steps, ps = [], []
    for before, after in pairwise(rows):
        step = float(np.mean(after) - np.mean(before))
        error = spread * math.sqrt(1 / len(before) + 1 / len(after))
        steps.append(step)
        ps.append(float(2 * stats.t.sf(abs(step) / error, freedom)) if error else float(not step))
    adjusted = benjamini_hochberg(ps)
    found = zip(steps, adjusted, strict=True)
    return [Neighbours(place, step, p) for place, (step, p) in enumerate(found, 1)]
