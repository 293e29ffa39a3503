"""A slope and how sure it is."""

import numpy as np
import pytest

from harness.measure.layouts import Array
from harness.measure.slopes import Slope, agreed, effective_number, theil_sen


def test_a_slope_with_its_interval() -> None:
    slope, low, high = theil_sen([2.0 * n for n in range(10)], per=60)
    assert (slope, low, high) == (120, 120, 120)
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 1, (400, 12))
    covered = sum(low <= 0 <= high for _, low, high in map(theil_sen, noise))
    assert covered >= 380  # 95 % of 400
    with pytest.raises(ValueError, match="6 values"):
        theil_sen([1, 2, 3])


def alike(rng: np.random.Generator, count: int, r: float) -> Array:
    """Normal values of which neighbours have the correlation ``r``."""
    noise = rng.normal(size=count + 50)
    for place in range(1, len(noise)):
        noise[place] += r * noise[place - 1]
    return noise[50:]


# Between nothing and the most there is nothing else to fail: the rest is for whoever changes it.
BETWEEN = [pytest.param(r, marks=pytest.mark.matrix) for r in (0.5, 0.8)]


@pytest.mark.parametrize("r", [0.0, 0.9, *BETWEEN])
@pytest.mark.parametrize("count", [9, 29])
def test_what_does_not_grow_is_seldom_said_to(count: int, r: float) -> None:
    """Without the effective number 2 to 25 % of the halves do; 5 % would be 10 of 200."""
    rng = np.random.default_rng(7)
    slopes = [theil_sen(alike(rng, count, r)) for _ in range(400)]
    halves = zip(slopes[::2], slopes[1::2], strict=True)
    assert sum(agreed(pair).low > 0 for pair in halves) <= 2
    assert sum(slope.low > 0 for slope in slopes) <= 0.05 * 400 + 9  # and two deviations


def test_growth_is_found_through_noise_that_is_alike() -> None:
    rng = np.random.default_rng(8)
    grown = [theil_sen(alike(rng, 59, 0.5) + 0.15 * np.arange(59)) for _ in range(40)]
    assert sum(agreed(pair).low > 0 for pair in zip(grown[::2], grown[1::2], strict=True)) >= 18


def test_values_that_are_alike_are_worth_fewer() -> None:
    rng = np.random.default_rng(9)
    assert effective_number(rng.normal(size=1000)) > 900
    assert effective_number(alike(rng, 1000, 0.8)) == pytest.approx(1000 / 9, rel=0.3)
    assert effective_number(np.zeros(10)) == pytest.approx(10 * (1 - 1 / 3) / (1 + 1 / 3))


def test_slopes_agree_where_both_intervals_do() -> None:
    assert agreed([Slope(2, 1, 3), Slope(4, 2, 9)]) == (3, 1, 9)
    assert agreed([Slope(2, 1, 3), Slope(0, -1, 1)]).low < 0
