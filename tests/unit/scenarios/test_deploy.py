"""What a roll-out cost."""

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE
from harness.scenario.workers import Restart
from scenarios.deploy import back_after_s

SECOND = 1_000_000_000
RESTARTS = [
    Restart(20, 0, 1 * SECOND, killed=False),
    Restart(30, 2 * SECOND, 3 * SECOND, killed=True),
]
MEMBERS = {20: 20, 31: 30, 32: 30}  # the second has children


def test_a_worker_is_back_with_its_first_task() -> None:
    runs = np.zeros(4, RUN_TYPE)
    runs["pid"], runs["start"] = [9, 20, 32, 31], np.array([0.5, 2, 7, 5]) * SECOND
    assert back_after_s(runs, RESTARTS, MEMBERS) == pytest.approx(2)
    assert back_after_s(runs[:2], RESTARTS, MEMBERS) is None  # the second did none
