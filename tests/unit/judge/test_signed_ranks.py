"""Signed ranks against brute force, hand-computed examples, invariances and simulation."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from harness.judge.pairs import log_ratios
from harness.judge.signed_ranks import (
    beyond_p,
    hodges_lehmann,
    inside_p,
    signed_rank_cdf,
    signed_rank_interval,
    signed_rank_p,
    walsh_averages,
)
from harness.measure.layouts import Array

VALUES = st.floats(0.01, 1e6)

PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=6, max_size=20)


def arms(pairs: list[tuple[float, float]]) -> tuple[Array, Array]:
    both = np.array(pairs)
    return both[:, 0], both[:, 1]


def rank_sums(n: int) -> Array:
    """The sum of positive ranks of every one of the 2ⁿ sign patterns."""
    patterns = np.array(list(itertools.product((0, 1), repeat=n)))
    sums: Array = patterns @ np.arange(1, n + 1)
    return sums


def test_the_estimate_by_hand() -> None:
    d = np.array([1.0, 2.0, 6.0])  # Walsh averages 1, 1.5, 2, 3.5, 4, 6
    assert walsh_averages(d).tolist() == [1, 1.5, 2, 3.5, 4, 6]
    assert hodges_lehmann(d) == 2.75


@pytest.mark.parametrize("n", range(1, 11))
def test_the_null_distribution_is_that_of_all_sign_patterns(n: int) -> None:
    sums = rank_sums(n)
    brute = [np.mean(sums <= t) for t in range(n * (n + 1) // 2 + 1)]
    assert signed_rank_cdf(n) == pytest.approx(brute, abs=1e-15)


@pytest.mark.parametrize("n", range(6, 11))
@pytest.mark.parametrize("level", [0.90, 0.95])
def test_the_interval_is_the_shortest_that_covers_enough(n: int, level: float) -> None:
    """Over all sign patterns of the same sizes, the share of intervals that hold zero."""
    sizes = np.abs(np.random.default_rng(n).normal(size=n))
    patterns = itertools.product((-1.0, 1.0), repeat=n)
    found = [signed_rank_interval(sizes * np.array(signs), level) for signs in patterns]
    covered = np.mean([i.low <= 0 <= i.high for i in found])
    assert found[0].coverage == pytest.approx(covered, abs=1e-15)
    out = walsh_averages(-sizes).tolist().index(found[0].low)
    assert found[0].coverage >= level > 1 - 2 * np.mean(rank_sums(n) <= out + 1)


def test_known_coverages() -> None:
    """Hollander and Wolfe's table A.4: P(T ≤ 25) = .024 and P(T ≤ 30) = .047 for n = 15."""
    d = np.arange(15.0)
    assert signed_rank_interval(d).coverage == pytest.approx(0.952, abs=5e-4)
    assert signed_rank_interval(d, 0.90).coverage == pytest.approx(0.905, abs=5e-4)
    assert signed_rank_interval(d[:6]).coverage == 1 - 2 / 64
    assert signed_rank_interval(d[:6], 1 - 2 / 64).coverage == 1 - 2 / 64


@pytest.mark.parametrize(("n", "level", "least"), [(5, 0.95, 6), (4, 0.90, 5), (7, 0.99, 8)])
def test_too_few_blocks_are_refused(n: int, level: float, least: int) -> None:
    with pytest.raises(ValueError, match=f"{n} blocks give no .* takes at least {least}"):
        signed_rank_interval(np.arange(float(n)), level)
    assert signed_rank_interval(np.arange(float(least)), level).coverage >= level


@given(PAIRS)
def test_swapping_the_arms_mirrors_everything(pairs: list[tuple[float, float]]) -> None:
    a, b = arms(pairs)
    there, back = log_ratios(a, b), log_ratios(b, a)
    assert hodges_lehmann(there) == -hodges_lehmann(back)
    one, other = signed_rank_interval(there), signed_rank_interval(back)
    assert (one.low, one.high) == (-other.high, -other.low)
    assert signed_rank_p(there) == pytest.approx(signed_rank_p(back))


@given(PAIRS, st.floats(0.01, 100))
def test_scaling_one_arm_shifts_estimate_and_interval(
    pairs: list[tuple[float, float]], factor: float
) -> None:
    a, b = arms(pairs)
    plain, scaled = log_ratios(a, b), log_ratios(a, factor * b)
    before, after = signed_rank_interval(plain), signed_rank_interval(scaled)
    shift = pytest.approx(math.log(factor), abs=1e-9)
    assert hodges_lehmann(scaled) - hodges_lehmann(plain) == shift
    assert after.low - before.low == shift
    assert after.high - before.high == shift


@given(PAIRS)
def test_p_agrees_with_the_interval(pairs: list[tuple[float, float]]) -> None:
    d = log_ratios(*arms(pairs))
    assert (signed_rank_p(d) <= 0.05) == signed_rank_interval(d).beyond(0.0)


@given(st.integers(0, 2**32), st.integers(6, 20))
def test_p_is_that_of_scipy_without_ties(seed: int, n: int) -> None:
    d = np.random.default_rng(seed).normal(0.3, 1, n)
    theirs = scipy_stats.wilcoxon(d, method="exact").pvalue
    assert signed_rank_p(d) == pytest.approx(float(theirs))


@given(PAIRS, st.floats(0.01, 0.5))
def test_p_of_the_margin_agrees_with_the_intervals(
    pairs: list[tuple[float, float]], margin: float
) -> None:
    d = log_ratios(*arms(pairs))
    assert (beyond_p(d, margin) <= 0.05) == signed_rank_interval(d).beyond(margin)
    assert (inside_p(d, margin) <= 0.05) == signed_rank_interval(d, 0.90).inside(margin)
    assert beyond_p(d, margin) >= signed_rank_p(d) * (1 - 1e-9)  # the larger claim


def test_p_of_the_margin_by_hand() -> None:
    """Of the 21 averages of six ratios all lie above 0.05, and all but the smallest above 0.12."""
    d = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert beyond_p(d, 0.05) == 2 / 64
    assert beyond_p(d, 0.12) == 4 / 64  # T ≤ 1: nothing, or the smallest
    assert inside_p(d, 0.7) == 1 / 64
    assert inside_p(d, 0.31) == 42 / 64  # 12 of the averages lie above: P(T ≤ 12)
    assert beyond_p(d, 0.7) == 1


def test_p_by_hand() -> None:
    assert signed_rank_p(np.array([1.0, 2, 3, 4, 5, 6])) == 2 / 64
    assert signed_rank_p(np.array([-1.0, 2, 3, 4, 5, 6])) == 4 / 64
    assert signed_rank_p(np.full(6, 0.1)) == 2 / 64  # same sign: no tie that matters
    assert signed_rank_p(np.zeros(6)) == 1
    # 1 cancels −1: T is 20 or 19 of 21 by how the tie falls, and 19 counts: 2 P(T ≤ 2) = 6 / 64
    assert signed_rank_p(np.array([-1.0, 1, 3, 4, 5, 6])) == 6 / 64


@pytest.mark.parametrize(
    "sizes", [[0, 0, 1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1, 1], [0, 1, 1, 2, 2, 3, 3, 3]]
)
def test_with_ties_p_is_conservative(sizes: list[int]) -> None:
    """Over all sign patterns, a p of .05 or less happens in 5 % at most; so for every p."""
    patterns = itertools.product((-1.0, 1.0), repeat=len(sizes))
    ps = np.array([signed_rank_p(np.array(sizes) * np.array(signs)) for signs in patterns])
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
    found = [signed_rank_interval(d) for d in rows]
    covered = np.mean([i.low <= 0 <= i.high for i in found])
    print(f"covered: {covered:.4f}")
    assert found[0].coverage == pytest.approx(0.952, abs=5e-4)
    assert covered >= 0.93
