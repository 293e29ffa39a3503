"""Bursts: what is told of made-up ones."""

import numpy as np
import pytest

from harness.measure.metrics import Joined
from scenarios.burst import times_of_bursts

MS = 1_000_000


def test_times_count_from_the_instant_of_their_own_burst() -> None:
    intended = np.array([100, 100, 100, 900, 900]) * MS
    start, end = (np.array(x) * MS for x in ([103, 110, 140, 920, 905], [104, 118, 150, 921, 960]))
    joined = Joined(np.arange(5), intended, intended, intended, start, end)
    firsts, lasts = times_of_bursts(joined)
    assert firsts / MS == pytest.approx([3, 5])
    assert lasts / MS == pytest.approx([50, 60])
