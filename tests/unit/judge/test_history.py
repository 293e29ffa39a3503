"""Levels of releases in few blocks, by the scatter of all; neighbours that differ."""

import math

import numpy as np
import pytest

from harness.judge.history import FALSE, levels, neighbours, scatter


def test_the_scatter_is_that_within_the_releases() -> None:
    rows = [np.array([0.0, 0.02]), np.array([1.0, 1.0, 1.03])]
    spread, freedom = scatter(rows)
    assert freedom == 3
    assert spread == pytest.approx(math.sqrt((2 * 0.01**2 + 6 * 0.01**2) / 3))


def test_what_has_one_block_each_has_no_scatter() -> None:
    with pytest.raises(ValueError, match="two blocks"):
        scatter([np.array([0.0]), np.array([1.0])])
    with pytest.raises(ValueError, match="without a block"):
        levels([np.array([0.0, 0.1, 0.2]), np.array([])])


def test_intervals_hold_the_level_in_95_of_100_and_shrink_with_blocks() -> None:
    rng = np.random.default_rng(3)
    held = []
    for _ in range(300):
        truth = rng.normal(0, 0.3, 6)
        found = levels([rng.normal(mean, 0.03, 4) for mean in truth])
        held += [a.low < math.exp(mean) < a.high for a, mean in zip(found, truth, strict=True)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)  # 1,800 intervals
    few, many = levels([rng.normal(0, 0.03, 2), rng.normal(0, 0.03, 8)])
    assert math.log(few.high / few.low) == pytest.approx(2 * math.log(many.high / many.low))
    assert (few.blocks, many.blocks) == (2, 8)


def test_equal_neighbours_are_told_apart_in_one_series_of_five_at_most() -> None:
    rng = np.random.default_rng(4)
    series = [neighbours(list(rng.normal(0, 0.03, (12, 4)))) for _ in range(400)]
    assert np.mean([any(each.p <= FALSE for each in own) for own in series]) <= FALSE + 0.05


def test_a_step_at_the_end_is_seen_where_it_is() -> None:
    rng = np.random.default_rng(5)
    rows = [rng.normal(0.1 * (place == 11), 0.03, 4) for place in range(12)]
    [found] = [each for each in neighbours(rows) if each.p <= 0.05]
    assert found.index == 11
    assert found.step == pytest.approx(0.1, abs=0.04)
    assert neighbours([np.array([0.0, 0.0])]) == []
    same = neighbours([np.array([0.1, 0.1]), np.array([0.1, 0.1]), np.array([0.2, 0.2])])
    assert [each.p for each in same] == [1.0, 0.0]
