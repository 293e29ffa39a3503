"""A slope and how sure it is."""

import numpy as np
import pytest

from harness.measure.slopes import theil_sen


def test_a_slope_with_its_interval() -> None:
    slope, low, high = theil_sen([2.0 * n for n in range(10)], per=60)
    assert (slope, low, high) == (120, 120, 120)
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 1, (400, 12))
    covered = sum(low <= 0 <= high for _, low, high in map(theil_sen, noise))
    assert covered >= 360  # 95 % of 400 is 380
    with pytest.raises(ValueError, match="6 values"):
        theil_sen([1, 2, 3])
