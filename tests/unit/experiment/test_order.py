"""The order of arms in blocks."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.experiment.order import plan_blocks

PLANS = (st.integers(2, 7), st.integers(1, 40), st.integers(0, 2**32))


@given(*PLANS)
def test_every_block_holds_every_arm_once(n: int, blocks: int, seed: int) -> None:
    plan = plan_blocks(n, blocks, np.random.default_rng(seed))
    assert len(plan) == blocks
    assert all(sorted(block) == list(range(n)) for block in plan)
    assert plan == plan_blocks(n, blocks, np.random.default_rng(seed))


@given(*PLANS)
def test_first_positions_are_balanced_wherever_the_plan_stops(
    n: int, blocks: int, seed: int
) -> None:
    plan = plan_blocks(n, blocks, np.random.default_rng(seed))
    for stop in range(1, blocks + 1):
        firsts = np.bincount([block[0] for block in plan[:stop]], minlength=n)
        assert firsts.max() - firsts.min() <= 1


def test_every_order_comes_up() -> None:
    plan = plan_blocks(3, 600, np.random.default_rng(5))
    counts = [plan.count(order) for order in itertools.permutations(range(3))]
    assert min(counts) > 70  # 100 expected each
    assert plan != plan_blocks(3, 600, np.random.default_rng(6))


def test_a_plan_needs_arms_and_blocks() -> None:
    for n, blocks in ((1, 5), (2, 0)):
        with pytest.raises(ValueError, match="two arms and one block"):
            plan_blocks(n, blocks, np.random.default_rng(1))
