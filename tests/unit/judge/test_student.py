"""Student's t beside the signed ranks."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

from harness.judge.student import cross_check, paired_t_interval


def test_the_t_interval_is_scipys() -> None:
    d = np.random.default_rng(3).normal(0.1, 1, 12)
    theirs = scipy_stats.ttest_1samp(d, 0).confidence_interval(0.95)
    ours = paired_t_interval(d)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    with pytest.raises(ValueError, match="two blocks at least"):
        paired_t_interval(d[:1])


def test_the_cross_check_points_at_an_outlier() -> None:
    d = np.array([0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 3.0])
    assert "disagree" in str(cross_check(d))
    assert cross_check(d[:-1]) is None
