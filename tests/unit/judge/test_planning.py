"""How many blocks, and what they can see."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge.planning import required_blocks, sensitivity
from harness.judge.signed_ranks import Interval
from harness.judge.student import t_quantile


def test_required_blocks_by_hand() -> None:
    """s_d = 5 %, h = ln(1.05) / 2 = 2.44 %: with t(18) = 2.1009 n ≥ 18.5, with t(17) n ≥ 18.7."""
    d = np.random.default_rng(4).normal(size=10)
    d *= 0.05 / np.std(d, ddof=1)
    assert required_blocks(d, 0.05) == 19
    assert required_blocks(np.full(10, 0.2), 0.05) == 6
    with pytest.raises(ValueError, match="two blocks at least"):
        required_blocks(d[:1], 0.05)


@given(st.floats(0.01, 3), st.floats(0.01, 0.5))
def test_required_blocks_are_the_fewest_that_suffice(spread: float, delta: float) -> None:
    d = np.array([-spread, spread, 0.0])
    n = required_blocks(d, delta)

    def half_width(blocks: int) -> float:
        return t_quantile(blocks) * spread / math.sqrt(blocks)

    wanted = math.log1p(delta) / 2
    assert half_width(n) <= wanted * (1 + 1e-9)
    assert n == 6 or half_width(n - 1) > wanted


def test_sensitivity_is_the_half_width_as_a_ratio() -> None:
    assert sensitivity(Interval(-0.01, 0.07, 0.95)) == pytest.approx(math.expm1(0.04))
