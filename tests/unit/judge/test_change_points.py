"""Change points of series with and without a step."""

import math

import numpy as np
import pytest

from harness.judge.change_points import change_point, change_points


def test_a_step_is_found_where_it_is() -> None:
    rng = np.random.default_rng(7)
    series = rng.normal(0, 0.02, 16)
    series[10:] += 0.1
    found = change_point(series, np.random.default_rng(8))
    assert found.index == 10
    assert found.p < 0.01
    assert found == change_point(series, np.random.default_rng(8))


def test_no_step_is_invented_more_often_than_promised() -> None:
    rng = np.random.default_rng(9)
    found = [change_point(rng.normal(size=12), rng, 499).p <= 0.05 for _ in range(400)]
    assert np.mean(found) <= 0.08  # 0.05 and 2.75 standard errors
    assert change_point([1.1] * 12, rng).p == 1


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
        change_point(series, np.random.default_rng(1), permutations)


def test_change_points_of_versions_in_blocks() -> None:
    """Two steps are found in their order; what a block does to all versions is not one."""
    rng = np.random.default_rng(8)
    level = np.log([100, 100, 130, 130, 90, 90])
    block = rng.normal(0, 0.3, (10, 1))
    series = level + block + rng.normal(0, 0.01, (10, 6))
    assert [c.index for c in change_points(series, rng)] == [2, 4]
    flat = block + rng.normal(0, 0.01, (10, 6))
    assert change_points(flat, rng) == []


def test_change_points_are_adjusted_over_the_metrics() -> None:
    """Of 60 sets of 12 metrics of equal versions about 3 have a candidate; at each metric's own
    level it would be 28. A step that is there is found among 12 too.
    """
    rng = np.random.default_rng(16)
    sets = rng.normal(0, 1, (60, 12, 8, 4))
    found = [any(change_points(metric, rng, 12) for metric in metrics) for metrics in sets]
    print(sum(found))
    assert sum(found) <= 9  # 3 and 3.5 standard deviations
    stepped = rng.normal(0, 0.01, (10, 4)) + np.log([100, 100, 130, 130])
    (step,) = change_points(stepped, rng, 12)
    assert step.index == 2
    assert step.p <= 0.05
    assert step.p >= 12 / (1 + 12 * 200)  # it is p over all of them


def test_change_points_of_equal_versions_are_rare() -> None:
    """p ≤ .05 by chance: about 10 of 200, 23 is four standard deviations more."""
    rng = np.random.default_rng(6)
    found = sum(bool(change_points(rng.normal(0, 1, (8, 4)), rng)) for _ in range(200))
    assert found <= 23
