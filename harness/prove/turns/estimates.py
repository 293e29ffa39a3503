"""Ratios of arms over blocks, in turns and in sequence."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import stats

from harness.judge.signed_ranks import LEVEL, hodges_lehmann, least_blocks, signed_rank_interval
from harness.store.rows import Row
from harness.store.vocabulary import Status

Ratios = Sequence[float]


def whole(row: Row, places: Iterable[int]) -> bool:
    """Whether the trials of these arms are ok, in turns and in sequence."""
    kept = list(places)
    return all(row[how][n]["status"] == Status.OK for how in ("turns", "sequence") for n in kept)


def ratios_of(rows: Sequence[Row], how: str, metric: str, first: int, second: int) -> list[float]:
    """Second over first arm in the blocks in which both are sound both ways."""
    kept = [row[how] for row in rows if whole(row, (first, second))]
    return [trials[second][metric] / trials[first][metric] for trials in kept]


def arm_over(rows: Sequence[Row], metric: str, place: int) -> list[float]:
    """What an arm does in its turns over what it does alone."""
    kept = [row for row in rows if whole(row, (place,))]
    return [row["turns"][place][metric] / row["sequence"][place][metric] for row in kept]


def estimate(values: Iterable[float]) -> str:
    """The pseudomedian of ratios, with its 95 % interval once there are enough."""
    d = np.log(list(values))
    if not len(d):
        return "nothing yet"
    middle = math.exp(hodges_lehmann(d))
    if len(d) < least_blocks(LEVEL):
        return f"{middle:#.4g}"
    interval = signed_rank_interval(d)
    return f"{middle:#.4g} [{math.exp(interval.low):#.4g}, {math.exp(interval.high):#.4g}]"


def apart(one: Ratios, other: Ratios) -> float:
    """Percent between two 95 % intervals: 0 where they overlap, nan where there is none yet."""
    if min(len(one), len(other)) < least_blocks(LEVEL):
        return math.nan
    a, b = (signed_rank_interval(np.log(values)) for values in (one, other))
    return 100 * math.expm1(max(0.0, max(a.low, b.low) - min(a.high, b.high)))


def pooled_sd(pairs: Sequence[Ratios]) -> float:
    """Of log-ratios within pairs of arms; nan before one has two."""
    logs = [np.log(values) for values in pairs]
    freedom = sum(len(each) - 1 for each in logs if len(each))
    if freedom < 1:
        return math.nan
    squares = sum(float(np.sum((each - each.mean()) ** 2)) for each in logs if len(each))
    return math.sqrt(squares / freedom)


def sd_ratio(one: Sequence[Ratios], other: Sequence[Ratios]) -> tuple[float, float, float]:
    """Of two pooled standard deviations, with its 90 % interval by Fisher's F."""
    ratio = pooled_sd(one) / pooled_sd(other)
    freedom = [sum(len(values) - 1 for values in pairs if len(values)) for pairs in (one, other)]
    if not all(freedom) or math.isnan(ratio):
        return ratio, math.nan, math.nan
    most, least = (math.sqrt(float(stats.f.ppf(p, *freedom))) for p in (0.95, 0.05))
    return ratio, ratio / most, ratio / least
