"""Where a series of versions changes level.

Page (1954), Taylor (2000); p by permutation with the observed order counted in (Phipson and Smyth
2010); binary segmentation, Vostrikova (1981).
"""

from dataclasses import dataclass

import numpy as np

from harness.judge.families import ALPHA
from harness.judge.pairs import Values
from harness.measure.layouts import Array

LEAST_POINTS = 12  # METHOD 6, change points
PERMUTATIONS, LEAST_PERMUTATIONS = 999, 499
TIMES_NEEDED = 200  # permutations a series: the smallest p over the family is then .005


@dataclass(frozen=True)
class ChangePoint:
    """A candidate, ±1 place, until a fresh paired experiment confirms it: ``index`` is the first
    place of the new level, ``p`` that of "the order does not matter".
    """

    index: int
    p: float


def change_point(
    series: Values, rng: np.random.Generator, permutations: int = PERMUTATIONS
) -> ChangePoint:
    """Where a series (logarithms, in order of versions) most likely changes level.

    Shape (places,), or (blocks, places) for versions that were measured in blocks: then means over
    blocks are judged, and orders are drawn within each block, so that what a block did to all
    versions cancels. The statistic is the largest |sum of the first k deviations from the mean|,
    k = 1 … places − 1; p is its rank among those of ``permutations`` random orders. Raises
    ValueError below 12 points, two places or 499 permutations, and on values that are not finite.
    """
    values: Array = np.atleast_2d(np.asarray(series, dtype=float))
    if values.ndim != 2 or values.shape[1] < 2 or values.size < LEAST_POINTS:
        raise ValueError(f"a change point takes {LEAST_POINTS} points in a row: {values.shape}")
    if not np.all(np.isfinite(values)):
        raise ValueError("a change point takes finite values")
    if permutations < LEAST_PERMUTATIONS:
        raise ValueError(f"{permutations} permutations are too few, {LEAST_PERMUTATIONS} wanted")
    observed = cusum(values.mean(axis=0, keepdims=True))[0]
    shuffled = rng.permuted(np.tile(values, (permutations, 1, 1)), axis=2).mean(axis=1)
    rounding = 1e-9 * float(np.sum(np.abs(values)))
    as_large = int(np.sum(np.max(cusum(shuffled), axis=1) >= np.max(observed) - rounding))
    return ChangePoint(int(np.argmax(observed)) + 1, (1 + as_large) / (1 + permutations))


def change_points(series: Values, rng: np.random.Generator, family: int = 1) -> list[ChangePoint]:
    """All candidates of a series as in ``change_point``, in order: the likeliest, then those of the
    two sides of it, as long as p ≤ .05 (binary segmentation, Vostrikova 1981).

    p is that over ``family`` series that are looked at (Bonferroni), by enough permutations for it
    to be small. A side with fewer than 12 points or two places is not split further.
    """
    values: Array = np.atleast_2d(np.asarray(series, dtype=float))
    if values.shape[1] < 2 or values.size < LEAST_POINTS:
        return []
    alone = change_point(values, rng, max(PERMUTATIONS, TIMES_NEEDED * family))
    found = ChangePoint(alone.index, min(1.0, family * alone.p))
    if found.p > ALPHA:
        return []
    left = change_points(values[:, : found.index], rng, family)
    right = change_points(values[:, found.index :], rng, family)
    return [*left, found, *(ChangePoint(c.index + found.index, c.p) for c in right)]


def cusum(rows: Array) -> Array:
    """|Partial sums of deviations from the mean| of each row, without the last, which is zero."""
    deviations = rows - np.mean(rows, axis=1, keepdims=True)
    sums: Array = np.abs(np.cumsum(deviations, axis=1)[:, :-1])
    return sums
