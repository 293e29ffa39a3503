"""Statistics against brute force, hand-computed examples, invariances and simulation."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from harness.judge import stats
from harness.measure.recorded import Array

VALUES = st.floats(0.01, 1e6)
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=6, max_size=20)
SHARES = st.lists(st.floats(0, 1), max_size=12)


def arms(pairs: list[tuple[float, float]]) -> tuple[Array, Array]:
    both = np.array(pairs)
    return both[:, 0], both[:, 1]


def rank_sums(n: int) -> Array:
    """The sum of positive ranks of every one of the 2ⁿ sign patterns."""
    patterns = np.array(list(itertools.product((0, 1), repeat=n)))
    sums: Array = patterns @ np.arange(1, n + 1)
    return sums


# ── Pairs ────────────────────────────────────────────────────────────────────────────────────


def test_log_ratios_are_candidate_over_baseline() -> None:
    d = stats.log_ratios([100, 200, 50], [110, 200, 25])
    assert d == pytest.approx([math.log(1.1), 0, -math.log(2)], abs=1e-12)
    assert d[1] == 0


@pytest.mark.parametrize(
    ("baseline", "candidate", "said"),
    [
        ([1, 2], [1], "not paired: 2 blocks of one, 1 of the other"),
        ([], [], "baseline: no blocks"),
        ([1, 2], [1, 0], "candidate: 0 in block 2 is not a number > 0"),
        ([1, -3], [1, 1], "baseline: -3 in block 2"),
        ([math.nan], [1], "baseline: nan in block 1"),
        ([1], [math.inf], "candidate: inf in block 1"),
        ([[1, 2]], [[1, 2]], "one value a block wanted"),
    ],
)
def test_what_is_wrong_with_the_pairs_is_said(
    baseline: stats.Values, candidate: stats.Values, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        stats.log_ratios(baseline, candidate)


def test_a_margin_is_the_same_whichever_arm_is_the_baseline() -> None:
    assert stats.log_margin(0.05) == pytest.approx(math.log(1.05))
    assert math.exp(-stats.log_margin(0.05)) == pytest.approx(1 / 1.05)
    with pytest.raises(ValueError, match=r"0\.05 for 5 %"):
        stats.log_margin(5)


# ── Signed ranks ─────────────────────────────────────────────────────────────────────────────


def test_the_estimate_by_hand() -> None:
    d = np.array([1.0, 2.0, 6.0])  # Walsh averages 1, 1.5, 2, 3.5, 4, 6
    assert stats.walsh_averages(d).tolist() == [1, 1.5, 2, 3.5, 4, 6]
    assert stats.hodges_lehmann(d) == 2.75


@pytest.mark.parametrize("n", range(1, 11))
def test_the_null_distribution_is_that_of_all_sign_patterns(n: int) -> None:
    sums = rank_sums(n)
    brute = [np.mean(sums <= t) for t in range(n * (n + 1) // 2 + 1)]
    assert stats.signed_rank_cdf(n) == pytest.approx(brute, abs=1e-15)


@pytest.mark.parametrize("n", range(6, 11))
@pytest.mark.parametrize("level", [0.90, 0.95])
def test_the_interval_is_the_shortest_that_covers_enough(n: int, level: float) -> None:
    """Over all sign patterns of the same sizes, the share of intervals that hold zero."""
    sizes = np.abs(np.random.default_rng(n).normal(size=n))
    patterns = itertools.product((-1.0, 1.0), repeat=n)
    found = [stats.signed_rank_interval(sizes * np.array(signs), level) for signs in patterns]
    covered = np.mean([i.low <= 0 <= i.high for i in found])
    assert found[0].coverage == pytest.approx(covered, abs=1e-15)
    out = stats.walsh_averages(-sizes).tolist().index(found[0].low)
    assert found[0].coverage >= level > 1 - 2 * np.mean(rank_sums(n) <= out + 1)


def test_known_coverages() -> None:
    """Hollander and Wolfe's table A.4: P(T ≤ 25) = .024 and P(T ≤ 30) = .047 for n = 15."""
    d = np.arange(15.0)
    assert stats.signed_rank_interval(d).coverage == pytest.approx(0.952, abs=5e-4)
    assert stats.signed_rank_interval(d, 0.90).coverage == pytest.approx(0.905, abs=5e-4)
    assert stats.signed_rank_interval(d[:6]).coverage == 1 - 2 / 64
    assert stats.signed_rank_interval(d[:6], 1 - 2 / 64).coverage == 1 - 2 / 64


@pytest.mark.parametrize(("n", "level", "least"), [(5, 0.95, 6), (4, 0.90, 5), (7, 0.99, 8)])
def test_too_few_blocks_are_refused(n: int, level: float, least: int) -> None:
    with pytest.raises(ValueError, match=f"{n} blocks give no .* takes at least {least}"):
        stats.signed_rank_interval(np.arange(float(n)), level)
    assert stats.signed_rank_interval(np.arange(float(least)), level).coverage >= level


@given(PAIRS)
def test_swapping_the_arms_mirrors_everything(pairs: list[tuple[float, float]]) -> None:
    a, b = arms(pairs)
    there, back = stats.log_ratios(a, b), stats.log_ratios(b, a)
    assert stats.hodges_lehmann(there) == -stats.hodges_lehmann(back)
    one, other = stats.signed_rank_interval(there), stats.signed_rank_interval(back)
    assert (one.low, one.high) == (-other.high, -other.low)
    assert stats.signed_rank_p(there) == pytest.approx(stats.signed_rank_p(back))


@given(PAIRS, st.floats(0.01, 100))
def test_scaling_one_arm_shifts_estimate_and_interval(
    pairs: list[tuple[float, float]], factor: float
) -> None:
    a, b = arms(pairs)
    plain, scaled = stats.log_ratios(a, b), stats.log_ratios(a, factor * b)
    before, after = stats.signed_rank_interval(plain), stats.signed_rank_interval(scaled)
    shift = pytest.approx(math.log(factor), abs=1e-9)
    assert stats.hodges_lehmann(scaled) - stats.hodges_lehmann(plain) == shift
    assert after.low - before.low == shift
    assert after.high - before.high == shift


@given(PAIRS)
def test_p_agrees_with_the_interval(pairs: list[tuple[float, float]]) -> None:
    d = stats.log_ratios(*arms(pairs))
    assert (stats.signed_rank_p(d) <= 0.05) == stats.signed_rank_interval(d).beyond(0.0)


@given(st.integers(0, 2**32), st.integers(6, 20))
def test_both_ways_to_p_agree_without_ties(seed: int, n: int) -> None:
    d = np.random.default_rng(seed).normal(0.3, 1, n)
    assert stats.dual_p(stats.walsh_averages(d), n) == pytest.approx(stats.signed_rank_p(d))


def test_p_by_hand() -> None:
    assert stats.signed_rank_p(np.array([1.0, 2, 3, 4, 5, 6])) == 2 / 64
    assert stats.signed_rank_p(np.array([-1.0, 2, 3, 4, 5, 6])) == 4 / 64
    assert stats.signed_rank_p(np.full(6, 0.1)) == 2 / 64  # same sign: no tie that matters
    assert stats.signed_rank_p(np.zeros(6)) == 1
    # 1 cancels −1: T is 20 or 19 of 21 by how the tie falls, and 19 counts: 2 P(T ≤ 2) = 6 / 64
    assert stats.signed_rank_p(np.array([-1.0, 1, 3, 4, 5, 6])) == 6 / 64


@pytest.mark.parametrize(
    "sizes", [[0, 0, 1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1, 1], [0, 1, 1, 2, 2, 3, 3, 3]]
)
def test_with_ties_p_is_conservative(sizes: list[int]) -> None:
    """Over all sign patterns, a p of .05 or less happens in 5 % at most; so for every p."""
    patterns = itertools.product((-1.0, 1.0), repeat=len(sizes))
    ps = np.array([stats.signed_rank_p(np.array(sizes) * np.array(signs)) for signs in patterns])
    assert all(np.mean(ps <= alpha + 1e-12) <= alpha + 1e-12 for alpha in np.unique(ps))


def normal(rng: np.random.Generator) -> Array:
    return rng.normal(size=(2000, 15))


def heavy(rng: np.random.Generator) -> Array:
    return rng.standard_t(1.5, size=(2000, 15))


def skewed_arms(rng: np.random.Generator) -> Array:
    """Both arms with long right tails, as run times have; their log-ratio is symmetric."""
    arm = np.log(1 + rng.pareto(1.5, size=(2, 2000, 15)))
    difference: Array = arm[1] - arm[0]
    return difference


@pytest.mark.parametrize("sample", [normal, heavy, skewed_arms])
def test_the_interval_covers_what_it_promises(
    sample: Callable[[np.random.Generator], Array],
) -> None:
    rows = sample(np.random.default_rng(20260))
    found = [stats.signed_rank_interval(d) for d in rows]
    covered = np.mean([i.low <= 0 <= i.high for i in found])
    print(f"covered: {covered:.4f}")
    assert found[0].coverage == pytest.approx(0.952, abs=5e-4)
    assert covered >= 0.93


# ── Cross-check, equivalence, planning ───────────────────────────────────────────────────────


def test_the_t_interval_is_scipys() -> None:
    d = np.random.default_rng(3).normal(0.1, 1, 12)
    theirs = scipy_stats.ttest_1samp(d, 0).confidence_interval(0.95)
    ours = stats.paired_t_interval(d)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    with pytest.raises(ValueError, match="two blocks at least"):
        stats.paired_t_interval(d[:1])


def test_the_cross_check_points_at_an_outlier() -> None:
    d = np.array([0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 3.0])
    assert "disagree" in str(stats.cross_check(d))
    assert stats.cross_check(d[:-1]) is None


def test_equivalence_is_a_90_percent_interval_within_the_margin() -> None:
    d = np.array([0.01, -0.012, 0.005, -0.008, 0.011, -0.003, 0.002, 0.0071])
    assert stats.equivalent(d, 0.03)
    assert not stats.equivalent(d, 0.005)
    assert not stats.equivalent(d + 0.03, 0.03)
    with pytest.raises(ValueError, match="4 blocks give no 90 % interval"):
        stats.equivalent(d[:4], 0.03)


def test_required_blocks_by_hand() -> None:
    """s_d = 5 %, h = ln(1.05) / 2 = 2.44 %: with t(18) = 2.1009 n ≥ 18.5, with t(17) n ≥ 18.7."""
    d = np.random.default_rng(4).normal(size=10)
    d *= 0.05 / np.std(d, ddof=1)
    assert stats.required_blocks(d, 0.05) == 19
    assert stats.required_blocks(np.full(10, 0.2), 0.05) == 6
    with pytest.raises(ValueError, match="two blocks at least"):
        stats.required_blocks(d[:1], 0.05)


@given(st.floats(0.01, 3), st.floats(0.01, 0.5))
def test_required_blocks_are_the_fewest_that_suffice(spread: float, delta: float) -> None:
    d = np.array([-spread, spread, 0.0])
    n = stats.required_blocks(d, delta)

    def half_width(blocks: int) -> float:
        return stats.t_quantile(blocks) * spread / math.sqrt(blocks)

    wanted = math.log1p(delta) / 2
    assert half_width(n) <= wanted * (1 + 1e-9)
    assert n == 6 or half_width(n - 1) > wanted


def test_sensitivity_is_the_half_width_as_a_ratio() -> None:
    assert stats.sensitivity(stats.Interval(-0.01, 0.07, 0.95)) == pytest.approx(math.expm1(0.04))


# ── Families ─────────────────────────────────────────────────────────────────────────────────


def test_holm_by_hand() -> None:
    assert stats.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert stats.holm([0.9, 0.8]) == [1, 1]
    assert stats.holm([0.03]) == [0.03]
    assert stats.holm([]) == []


def test_benjamini_hochberg_by_hand() -> None:
    """Sorted .005 .01 .03 .04 times 4/1 4/2 4/3 4/4, least of what follows."""
    found = stats.benjamini_hochberg([0.01, 0.04, 0.03, 0.005])
    assert found == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert stats.benjamini_hochberg([]) == []


@given(SHARES)
def test_adjusted_p_keep_order_and_grow(p: list[float]) -> None:
    strict, mild = stats.holm(p), stats.benjamini_hochberg(p)
    assert all(1 >= h >= q >= x for h, q, x in zip(strict, mild, p, strict=True))
    ranked = [h for _, h in sorted(zip(p, strict, strict=True))]
    assert ranked == sorted(ranked)


def test_what_is_no_probability_is_refused() -> None:
    for adjust in (stats.holm, stats.benjamini_hochberg):
        with pytest.raises(ValueError, match="between 0 and 1"):
            adjust([0.5, 1.5])
        with pytest.raises(ValueError, match="between 0 and 1"):
            adjust([math.nan])


# ── Descriptions ─────────────────────────────────────────────────────────────────────────────


def test_cliffs_delta_by_hand() -> None:
    assert stats.cliffs_delta([1, 2], [3, 4]) == 1
    assert stats.cliffs_delta([1, 3], [2, 3]) == 0.25  # above, above, below, tied
    assert stats.cliffs_delta([2, 3], [1, 3]) == -0.25


def test_hedges_g_by_hand() -> None:
    """Means 2 and 4, pooled s = 1, J = 1 − 3 / 15 = 0.8."""
    assert stats.hedges_g([1, 2, 3], [3, 4, 5]) == pytest.approx(1.6)
    assert math.isnan(stats.hedges_g([0.1, 0.1, 0.1], [0.3, 0.3, 0.3]))
    with pytest.raises(ValueError, match="two blocks of each arm"):
        stats.hedges_g([1], [1, 2])


# ── Plans ────────────────────────────────────────────────────────────────────────────────────

PLANS = (st.integers(2, 7), st.integers(1, 40), st.integers(0, 2**32))


@given(*PLANS)
def test_every_block_holds_every_arm_once(n: int, blocks: int, seed: int) -> None:
    plan = stats.plan_blocks(n, blocks, np.random.default_rng(seed))
    assert len(plan) == blocks
    assert all(sorted(block) == list(range(n)) for block in plan)
    assert plan == stats.plan_blocks(n, blocks, np.random.default_rng(seed))


@given(*PLANS)
def test_first_positions_are_balanced_wherever_the_plan_stops(
    n: int, blocks: int, seed: int
) -> None:
    plan = stats.plan_blocks(n, blocks, np.random.default_rng(seed))
    for stop in range(1, blocks + 1):
        firsts = np.bincount([block[0] for block in plan[:stop]], minlength=n)
        assert firsts.max() - firsts.min() <= 1


def test_every_order_comes_up() -> None:
    plan = stats.plan_blocks(3, 600, np.random.default_rng(5))
    counts = [plan.count(order) for order in itertools.permutations(range(3))]
    assert min(counts) > 70  # 100 expected each
    assert plan != stats.plan_blocks(3, 600, np.random.default_rng(6))


def test_a_plan_needs_arms_and_blocks() -> None:
    for n, blocks in ((1, 5), (2, 0)):
        with pytest.raises(ValueError, match="two arms and one block"):
            stats.plan_blocks(n, blocks, np.random.default_rng(1))


# ── Change points ────────────────────────────────────────────────────────────────────────────


def test_a_step_is_found_where_it_is() -> None:
    rng = np.random.default_rng(7)
    series = rng.normal(0, 0.02, 16)
    series[10:] += 0.1
    found = stats.change_point(series, np.random.default_rng(8))
    assert found.index == 10
    assert found.p < 0.01
    assert found == stats.change_point(series, np.random.default_rng(8))


def test_no_step_is_invented_more_often_than_promised() -> None:
    rng = np.random.default_rng(9)
    found = [stats.change_point(rng.normal(size=12), rng, 499).p <= 0.05 for _ in range(400)]
    assert np.mean(found) <= 0.08  # 0.05 and 2.75 standard errors
    assert stats.change_point([1.1] * 12, rng).p == 1


@pytest.mark.parametrize(
    ("series", "permutations", "said"),
    [
        ([0.0] * 11, 999, "12 points"),
        ([0.0] * 12, 498, "498 permutations are too few"),
        ([math.nan] * 12, 999, "finite"),
    ],
)
def test_too_little_for_a_change_point(series: list[float], permutations: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        stats.change_point(series, np.random.default_rng(1), permutations)


def test_change_points_of_versions_in_blocks() -> None:
    """Two steps are found in their order; what a block does to all versions is not one."""
    rng = np.random.default_rng(8)
    level = np.log([100, 100, 130, 130, 90, 90])
    block = rng.normal(0, 0.3, (10, 1))
    series = level + block + rng.normal(0, 0.01, (10, 6))
    assert [c.index for c in stats.change_points(series, rng)] == [2, 4]
    flat = block + rng.normal(0, 0.01, (10, 6))
    assert stats.change_points(flat, rng) == []


def test_change_points_of_equal_versions_are_rare() -> None:
    """p ≤ .05 by chance: about 10 of 200, 23 is four standard deviations more."""
    rng = np.random.default_rng(6)
    found = sum(bool(stats.change_points(rng.normal(0, 1, (8, 4)), rng)) for _ in range(200))
    assert found <= 23


def test_warm_up_ends_where_all_later_bins_are_near_the_tail() -> None:
    rng = np.random.default_rng(7)
    curve = 100 * (1 - 0.5 * np.exp(-np.arange(60) / 4))  # within 2 % of 100 from bin 13 on
    assert stats.warm_up(curve) == 13
    assert stats.warm_up(np.full(20, 3.0)) == 0
    assert stats.warm_up([*[50.0] * 10, *[100.0] * 10]) is None
    noisy = stats.warm_up(curve * rng.normal(1, 0.02, 60))
    assert noisy is not None
    assert noisy <= 13
    with pytest.raises(ValueError, match="8 bins"):
        stats.warm_up([1, 2, 3])
