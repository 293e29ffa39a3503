"""When it is well again after a fault."""

import numpy as np
import pytest

from harness.judge.pairs import log_ratios
from scenarios.recovery import prior_rate, recovery_s

SECOND = 1_000_000_000


def test_recovery_is_the_first_second_at_nine_tenths_of_the_prior_rate() -> None:
    before, after = np.arange(0, 4, 0.01), np.arange(7, 10, 0.01)
    ends = (np.concatenate([before, after]) * SECOND).astype(np.int64)
    # Nothing came before 7 s: a second that begins earlier is no second of recovery.
    assert recovery_s(ends, 4 * SECOND, 100) == pytest.approx(3.0)
    soon = (np.concatenate([before, np.arange(4.08, 10, 0.01)]) * SECOND).astype(np.int64)
    assert recovery_s(soon, 4 * SECOND, 100) == pytest.approx(0.08)  # from its first completion on
    assert np.isnan(recovery_s(ends[:400], 4 * SECOND, 100))
    assert np.isnan(recovery_s(ends, 4 * SECOND, 0))  # nothing to come back to
    slower = (np.arange(0, 10, 0.02) * SECOND).astype(np.int64)
    assert recovery_s(slower, 4 * SECOND, prior_rate(slower, 4 * SECOND)) == 0.05


def test_a_recovery_in_no_time_gets_a_verdict() -> None:
    ends = (np.arange(0, 10, 0.01) * SECOND).astype(np.int64)
    ours = [recovery_s(ends, fault, 100) for fault in range(4 * SECOND, 4 * SECOND + 10)]
    assert log_ratios(ours, ours).tolist() == [0.0] * 10


def test_the_prior_rate_is_of_the_last_seconds_before_the_fault() -> None:
    ends = (np.concatenate([np.arange(0, 2, 0.01), np.arange(2, 9, 0.02)]) * SECOND).astype(int)
    assert prior_rate(ends, 4 * SECOND) == pytest.approx(50, abs=1)
    assert prior_rate(ends, 20 * SECOND) == 0
