"""Statistics of paired blocks: estimate, interval, p, families, required n, plans, change points.

Arrays hold one value a block and arm, or one natural-log ratio a block (``d``, no unit). Values of
block i of both arms stand at place i. What cannot be computed raises ValueError saying why;
nothing returns nan for an interval or a p. ``METHOD n`` is section n of docs/method.md.

Where the formulas come from:

- signed-rank test, its exact distribution, the estimate as the median of Walsh averages and the
  interval between two of them: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods
  (3rd ed., 2014), sections 3.1 to 3.3; the estimate is due to Hodges and Lehmann (1963). They
  assume that log-ratios are symmetric about their centre, which holds for two arms whose noise has
  the same shape; of skewed ones the pseudomedian is estimated.
- with ties the closed interval covers at least what it does without them: noise too small to
  reorder anything breaks the ties, and can only add Walsh averages on the far side of the centre.
- paired t interval: Student (1908), as in any textbook.
- equivalence by the 90 % interval: two one-sided tests at 5 %, Schuirmann (1987).
- Holm (1979); Benjamini and Hochberg (1995), as in ``scipy.stats.false_discovery_control``.
- required number: n = ⌈(t s_d / h)²⌉, the t interval solved for n, its t with n − 1 degrees of
  freedom.
- Cliff's delta: Cliff (1993). Hedges' g: Hedges (1981), with J = 1 − 3 / (4 df − 1).
- slope over time: Theil (1950), Sen (1968), the interval by Kendall's distribution, as in
  ``scipy.stats.theilslopes``.
- change point: Page (1954), Taylor (2000); p by permutation with the observed order counted in
  (Phipson and Smyth 2010).

Margins: a margin δ of 0.05 ("5 %") means that the larger of two values is 5 % above the smaller.
On the log scale that is ±ln(1 + δ), as a ratio from 1 / (1 + δ) to 1 + δ: the same whichever arm
stands below the line, which ±δ on the ratio is not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

from harness.measure.recorded import Array

type Values = Sequence[float] | Array

LEVEL = 0.95
EQUIVALENCE_LEVEL = 0.90  # two one-sided tests at 5 %
LEAST_BLOCKS = 6  # fewer give no 95 % interval
LEAST_BINS = 8  # of a warm-up
LEAST_POINTS = 12  # METHOD 6, change points
LEAST_PERMUTATIONS = 499
CANDIDATE = 0.05  # p of a change point that is worth a confirming experiment
DECIMALS = 12  # of a log-ratio: finer than any clock, coarser than the rounding of floats


@dataclass(frozen=True)
class Interval:
    """Bounds on the log scale, and the coverage that the method achieves (not the one asked)."""

    low: float
    high: float
    coverage: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    def inside(self, log_margin: float) -> bool:
        """All of it between −margin and +margin."""
        return -log_margin < self.low and self.high < log_margin

    def beyond(self, log_margin: float) -> bool:
        """All of it above +margin, or all of it below −margin."""
        return self.low > log_margin or self.high < -log_margin


# ── Pairs ────────────────────────────────────────────────────────────────────────────────────


def log_ratios(baseline: Values, candidate: Values) -> Array:
    """ln(candidate / baseline) of each block, shape (n,).

    Rounded to 12 decimals, so that equal ratios are ties and equal values are exactly zero.
    Raises ValueError on shapes that differ, on no block, and on a value that is not > 0 and finite.
    """
    a, b = positive(baseline, "baseline"), positive(candidate, "candidate")
    if len(a) != len(b):
        raise ValueError(f"the arms are not paired: {len(a)} blocks of one, {len(b)} of the other")
    ratios: Array = np.round(np.log(b) - np.log(a), DECIMALS) + 0.0  # no −0
    return ratios


def positive(values: Values, arm: str) -> Array:
    """The values of one arm as floats; raises ValueError naming the first unfit block."""
    found: Array = np.asarray(values, dtype=float)
    if found.ndim != 1:
        raise ValueError(f"{arm}: one value a block wanted, got an array of shape {found.shape}")
    if not len(found):
        raise ValueError(f"{arm}: no blocks")
    unfit = np.flatnonzero(~(np.isfinite(found) & (found > 0)))
    if len(unfit):
        raise ValueError(f"{arm}: {found[unfit[0]]:g} in block {unfit[0] + 1} is not a number > 0")
    return found


def log_margin(delta: float) -> float:
    """ln(1 + δ), the margin on the scale of log-ratios; δ is a share: 0.05 for 5 %."""
    if not 0 < delta < 1:
        raise ValueError(f"a margin is a share between 0 and 1 (0.05 for 5 %), not {delta:g}")
    return math.log1p(delta)


# ── Signed ranks ─────────────────────────────────────────────────────────────────────────────


def walsh_averages(d: Array) -> Array:
    """(d_i + d_j) / 2 of all i ≤ j, ascending, shape (n (n + 1) / 2,)."""
    first, second = np.triu_indices(len(d))
    averages: Array = np.sort((d[first] + d[second]) / 2)
    return averages


def hodges_lehmann(d: Array) -> float:
    """The median of the Walsh averages."""
    return float(np.median(walsh_averages(d)))


@lru_cache
def signed_rank_cdf(n: int) -> Array:
    """P(T ≤ t) for t = 0 … n (n + 1) / 2, T the sum of the positive ranks of n untied values
    symmetric about zero: every rank is in or out with probability ½.
    """
    pmf = np.ones(1)
    for rank in range(1, n + 1):
        pmf = (np.pad(pmf, (0, rank)) + np.pad(pmf, (rank, 0))) / 2
    cdf: Array = np.cumsum(pmf)
    cdf.flags.writeable = False  # one array for all callers
    return cdf


def least_blocks(level: float) -> int:
    """The fewest pairs whose smallest two-sided p, 2 / 2ⁿ, leaves an interval of this level."""
    return math.ceil(1 - math.log2(1 - level) - 1e-9)


def signed_rank_interval(d: Array, level: float = LEVEL) -> Interval:
    """The shortest interval between Walsh averages that covers at least ``level``.

    Few levels exist: 15 pairs cover 95.2 % or 90.5 %, 6 cover 96.9 % and then 93.8 %. Raises
    ValueError where no interval reaches the level (6 pairs for 95 %, 5 for 90 %).
    """
    if not 0 < level < 1:
        raise ValueError(f"a level is a share between 0 and 1, not {level:g}")
    if len(d) < least_blocks(level):
        raise ValueError(
            f"{len(d)} blocks give no {100 * level:g} % interval, which takes at least "
            f"{least_blocks(level)}"
        )
    cdf, averages = signed_rank_cdf(len(d)), walsh_averages(d)
    out = int(np.searchsorted(cdf, (1 - level) / 2, "right")) - 1  # averages left out a side
    return Interval(float(averages[out]), float(averages[-1 - out]), float(1 - 2 * cdf[out]))


def signed_rank_p(d: Array) -> float:
    """Two-sided p of "the centre is zero", by ``scipy.stats.wilcoxon(method="exact")``.

    Equal ratios of the same sign change nothing. With a zero, or with two ratios that cancel,
    scipy's null distribution is not exact. Then p is ``dual_p``: every Walsh average that
    is zero counts against a difference. It is conservative, always agrees with the interval, and is
    the same number where there is no such tie.
    """
    averages = walsh_averages(d)
    if np.all(averages != 0):
        return float(stats.wilcoxon(d, method="exact").pvalue)
    return dual_p(averages, len(d))


def dual_p(averages: Array, n: int) -> float:
    """1 − coverage of the widest interval between these Walsh averages of n pairs that leaves zero
    out; 1 where none does.
    """
    against = len(averages) - max(int(np.sum(averages > 0)), int(np.sum(averages < 0)))
    return min(1.0, 2 * float(signed_rank_cdf(n)[against]))


# ── Cross-check, equivalence, planning ───────────────────────────────────────────────────────


def paired_t_interval(d: Array, level: float = LEVEL) -> Interval:
    """Mean ± t s / √n, a cross-check of the signed-rank interval. Two pairs at least."""
    if len(d) < 2:
        raise ValueError(f"a t interval takes two blocks at least, not {len(d)}")
    half = t_quantile(len(d), level) * float(np.std(d, ddof=1)) / math.sqrt(len(d))
    return Interval(float(np.mean(d)) - half, float(np.mean(d)) + half, level)


def t_quantile(n: int, level: float = LEVEL) -> float:
    """The two-sided quantile of Student's t with n − 1 degrees of freedom."""
    return float(stats.t.ppf((1 + level) / 2, n - 1))


def cross_check(d: Array) -> str | None:
    """In words, where the two 95 % intervals disagree on whether there is a difference."""
    ranks, t = signed_rank_interval(d), paired_t_interval(d)
    if ranks.beyond(0.0) == t.beyond(0.0):
        return None
    shown = [f"[{math.exp(i.low):#.4g}, {math.exp(i.high):#.4g}]" for i in (ranks, t)]
    return (
        f"signed ranks ({shown[0]}) and paired t ({shown[1]}) disagree on whether the ratio is 1: "
        "look for an outlying block"
    )


def equivalent(d: Array, delta: float) -> bool:
    """Two one-sided signed-rank tests at 5 %: the 90 % interval lies inside ±ln(1 + δ)."""
    return signed_rank_interval(d, EQUIVALENCE_LEVEL).inside(log_margin(delta))


def required_blocks(d: Array, delta: float) -> int:
    """The smallest n ≥ (t s_d / h)², h half the margin ln(1 + δ), t at 97.5 % with n − 1 degrees
    of freedom; at least the 6 that an interval takes.

    That many blocks are expected to give a 95 % interval of ± half the margin.
    """
    if len(d) < 2:
        raise ValueError(f"a spread takes two blocks at least, not {len(d)}")
    scale = float(np.std(d, ddof=1)) / (log_margin(delta) / 2)
    n = max(LEAST_BLOCKS, math.ceil((float(stats.norm.ppf(0.975)) * scale) ** 2))
    while n < (t_quantile(n) * scale) ** 2:  # t exceeds its limit little: a few rounds
        n += 1
    return n


def sensitivity(interval: Interval) -> float:
    """exp(half-width) − 1 of the 95 % interval, as a share: 0.04 is "could have seen 4 %".

    An estimate that far from 1, in an interval of this width, would just have left 1 outside. A
    true difference of that size is found in about half of such experiments; one of 1.4 times that
    size (on the log scale) in about 80 %.
    """
    return math.expm1(interval.half_width)


# ── Families ─────────────────────────────────────────────────────────────────────────────────


def holm(p: Values) -> list[float]:
    """Adjusted p in the order given, for a family of primary metrics."""
    given = shares(p)
    order = np.argsort(given, kind="stable")
    steps = given[order] * np.arange(len(given), 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return [float(each) for each in adjusted]


def benjamini_hochberg(p: Values) -> list[float]:
    """Adjusted p in the order given, for exploratory grids: bounds the share of false finds."""
    given = shares(p)
    if not len(given):
        return []
    return [float(each) for each in stats.false_discovery_control(given, method="bh")]


def shares(p: Values) -> Array:
    """Raises ValueError on what cannot be a probability."""
    given: Array = np.asarray(p, dtype=float)
    if not np.all((given >= 0) & (given <= 1)):
        raise ValueError(f"p must lie between 0 and 1: {given.tolist()}")
    return given


# ── Descriptions: no verdict hangs on them ───────────────────────────────────────────────────


def cliffs_delta(baseline: Values, candidate: Values) -> float:
    """P(candidate > baseline) − P(candidate < baseline) over all pairs of blocks, −1 to 1."""
    a, b = positive(baseline, "baseline"), positive(candidate, "candidate")
    return float(np.mean(np.sign(b[:, None] - a[None, :])))


def hedges_g(baseline: Values, candidate: Values) -> float:
    """(mean of candidate − mean of baseline) / pooled standard deviation, corrected for few blocks.

    Pairing is not used: it is in units of the spread between blocks. nan where neither arm varies.
    """
    a, b = positive(baseline, "baseline"), positive(candidate, "candidate")
    if min(len(a), len(b)) < 2:
        raise ValueError("a spread takes two blocks of each arm at least")
    freedom = len(a) + len(b) - 2
    if np.ptp(a) == 0 and np.ptp(b) == 0:
        return math.nan
    pooled = math.sqrt((len(a) * float(np.var(a)) + len(b) * float(np.var(b))) / freedom)
    return float(np.mean(b) - np.mean(a)) / pooled * (1 - 3 / (4 * freedom - 1))


def warm_up(bins: Values) -> int | None:
    """METHOD 5: the first bin after which all stay within 2 % of the mean of the tail (the second
    half), or within three of the tail's standard deviations where bins scatter more than that.

    None where the first half never gets there. Raises ValueError below 8 bins.
    """
    values: Array = np.asarray(bins, dtype=float)
    if len(values) < LEAST_BINS:
        raise ValueError(f"a warm-up is read from {LEAST_BINS} bins at least, not {len(values)}")
    half = len(values) // 2
    tail = values[half:]
    tolerance = max(0.02 * float(np.mean(tail)), 3 * float(np.std(tail, ddof=1)))
    outside = np.flatnonzero(np.abs(values[:half] - np.mean(tail)) > tolerance)
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if first < half else None


# ── Plans and series ─────────────────────────────────────────────────────────────────────────


def plan_blocks(arms: int, blocks: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """The order of arms (0 … arms − 1) in each block: random, the first position balanced.

    Every ``arms`` consecutive blocks from the start form a round in which each arm is first once.
    So the balance (±1) holds for any number of blocks, also where an experiment stops early.
    Raises ValueError on fewer than two arms or on no block.
    """
    if arms < 2 or blocks < 1:
        raise ValueError(f"a plan takes two arms and one block, not {arms} and {blocks}")
    rounds = -(-blocks // arms)
    firsts = np.concatenate([rng.permutation(arms) for _ in range(rounds)])[:blocks]
    return [block_order(arms, int(first), rng) for first in firsts]


def block_order(arms: int, first: int, rng: np.random.Generator) -> tuple[int, ...]:
    others = rng.permutation([arm for arm in range(arms) if arm != first])
    return (first, *(int(arm) for arm in others))


@dataclass(frozen=True)
class ChangePoint:
    """A candidate, ±1 place, until a fresh paired experiment confirms it: ``index`` is the first
    place of the new level, ``p`` that of "the order does not matter".
    """

    index: int
    p: float


def change_point(series: Values, rng: np.random.Generator, permutations: int = 999) -> ChangePoint:
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


def change_points(series: Values, rng: np.random.Generator) -> list[ChangePoint]:
    """All candidates of a series as in ``change_point``, in order: the likeliest, then those of the
    two sides of it, as long as p ≤ .05 (binary segmentation, Vostrikova 1981).

    A side with fewer than 12 points or two places is not split further.
    """
    values: Array = np.atleast_2d(np.asarray(series, dtype=float))
    if values.shape[1] < 2 or values.size < LEAST_POINTS:
        return []
    found = change_point(values, rng)
    if found.p > CANDIDATE:
        return []
    left = change_points(values[:, : found.index], rng)
    right = change_points(values[:, found.index :], rng)
    return [*left, found, *(ChangePoint(c.index + found.index, c.p) for c in right)]


def cusum(rows: Array) -> Array:
    """|Partial sums of deviations from the mean| of each row, without the last, which is zero."""
    deviations = rows - np.mean(rows, axis=1, keepdims=True)
    sums: Array = np.abs(np.cumsum(deviations, axis=1)[:, :-1])
    return sums
