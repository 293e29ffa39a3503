"""Where a warm-up has settled."""

import numpy as np
import pytest

from harness.judge.warm_up import warm_up


def test_warm_up_ends_where_all_later_bins_are_near_the_tail() -> None:
    rng = np.random.default_rng(7)
    curve = 100 * (1 - 0.5 * np.exp(-np.arange(60) / 4))  # within 2 % of 100 from bin 13 on
    assert warm_up(curve) == 13
    assert warm_up(np.full(20, 3.0)) == 0
    assert warm_up([*[50.0] * 10, *[100.0] * 10]) is None
    noisy = warm_up(curve * rng.normal(1, 0.02, 60))
    assert noisy is not None
    assert noisy <= 13
    with pytest.raises(ValueError, match="8 bins"):
        warm_up([1, 2, 3])
