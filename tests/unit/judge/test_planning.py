"""How many blocks, and what they can see."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge.claims import DIFFERENT, Claim
from harness.judge.planning import (
    finding_level,
    half_margin,
    least_for,
    required_blocks,
    sensitivity,
    tolerable_spread,
)
from harness.judge.signed_ranks import signed_rank_interval
from harness.judge.student import t_quantile
from harness.judge.verdicts import judge_family


@pytest.mark.parametrize(("claims", "blocks"), [(1, 6), (3, 7), (12, 9), (36, 11), (60, 12)])
def test_the_fewest_blocks_that_find_anything(claims: int, blocks: int) -> None:
    """By verdicts: a factor of ten is found among so many claims with so many blocks and not with
    one fewer, however clear it is.
    """
    assert least_for(claims) == blocks
    for number, found in ((blocks, True), (blocks - 1, False)):
        if number < 6:  # no interval at all
            continue
        slower = Claim([100.0 + i for i in range(number)], [10.0] * number, 0.05, True)
        void = Claim([1.0], [1.0], 0.05, True, ("lost",))
        first = judge_family([slower, *[void] * (claims - 1)])[0]
        assert (first.kind in DIFFERENT) == found


def test_required_blocks_by_hand() -> None:
    """s_d = 5 %, h = ln(1.05) / 2 = 2.44 %: with t(18) = 2.1009 n ≥ 18.5, with t(17) n ≥ 18.7."""
    d = np.random.default_rng(4).normal(size=10)
    d *= 0.05 / np.std(d, ddof=1)
    assert required_blocks(d, 0.05) == 19
    assert required_blocks(np.full(10, 0.2), 0.05) == 6
    assert required_blocks(np.full(10, 0.2), 0.05, 36) == 11
    with pytest.raises(ValueError, match="two blocks of a stratum at least"):
        required_blocks(d[:1], 0.05)


@given(st.floats(0.01, 3), st.floats(0.01, 0.5), st.sampled_from([1, 3, 12, 36]))
def test_required_blocks_are_the_fewest_that_suffice(
    spread: float, delta: float, claims: int
) -> None:
    d = np.array([-spread, spread, 0.0])
    n = required_blocks(d, delta, claims)

    def half_width(blocks: int) -> float:
        return t_quantile(blocks, finding_level(claims)) * spread / math.sqrt(blocks)

    wanted = math.log1p(delta) / 2
    assert half_width(n) <= wanted * (1 + 1e-9)
    assert n == least_for(claims) or half_width(n - 1) > wanted


def test_sensitivity_is_half_the_interval_at_the_level_of_the_finding() -> None:
    d = np.random.default_rng(5).normal(0, 0.03, 15)
    for claims in (1, 12):
        interval = signed_rank_interval(d, 1 - 0.05 / claims)
        assert sensitivity(d, claims) == pytest.approx(math.expm1(interval.half_width))
    assert (sensitivity(d, 1) or 0) < (sensitivity(d, 12) or 0)


def test_what_finds_nothing_could_have_seen_nothing() -> None:
    d = np.array([0.2, 0.21, 0.22, 0.23, 0.24, 0.25])
    assert sensitivity(d, 1) is not None
    assert sensitivity(d, 3) is None
    assert sensitivity(np.append(d, 0.26), 3) is not None


def test_half_a_margin_twice_is_the_margin() -> None:
    assert (1 + half_margin(0.05)) ** 2 == pytest.approx(1.05)


@pytest.mark.parametrize(("blocks", "claims"), [(9, 12), (15, 12), (15, 1)])
def test_a_spread_is_tolerable_where_four_of_five_differences_are_found(
    blocks: int, claims: int
) -> None:
    """400 experiments: 80 % ± 6 points (three standard errors), and 1.3 of the simulation behind
    the figure.
    """
    rng, spread = np.random.default_rng(6), tolerable_spread(blocks, 0.05, claims)
    void = [Claim([1.0], [1.0], 0.05, True, ("lost",))] * (claims - 1)
    found = 0
    for d in rng.normal(math.log1p(0.05), spread, (400, blocks)):
        verdict = judge_family([Claim(np.ones(blocks), np.exp(d), 0.05, True), *void])[0]
        found += verdict.p_holm is not None and verdict.p_holm <= 0.05
    print(f"found: {found / 400:.3f}")
    assert 0.73 <= found / 400 <= 0.87


def test_too_few_blocks_have_no_power() -> None:
    with pytest.raises(ValueError, match="8 blocks find nothing among 12 claims"):
        tolerable_spread(8, 0.05, 12)
