"""A big backlog: rates and cost by depth, and what was left."""

import numpy as np
import pytest

from harness.measure.accounting import Account
from harness.measure.sampler import Usage
from scenarios.big_backlog import DEEP, SHALLOW, at_depth, rate_within, said_of, with_left

SECOND = 1_000_000_000


def test_a_queue_that_quickens_as_it_empties_is_told_by_depth() -> None:
    slow, fast = np.arange(500) * SECOND // 10, np.arange(1, 501) * SECOND // 100
    ends = np.concatenate([slow, slow[-1] + fast])  # 10/s, then 100/s
    assert rate_within(ends, DEEP) == pytest.approx(10)
    assert rate_within(ends, SHALLOW) == pytest.approx(100)


def test_cost_is_read_off_the_samples_within() -> None:
    ends = np.arange(1_000) * SECOND // 100  # 10 s
    usages = [
        Usage(n * SECOND // 4, role, 1, share * n / 4, None, None)
        for n in range(45)
        for role, share in (("workers", 0.5), ("broker", 0.1))
    ]
    found = {m.name: m.value for m in at_depth("deep", DEEP, ends, usages, 1_000)}
    assert found["workers_cpu_per_task_deep"] == pytest.approx(5_000)  # µs
    assert found["broker_cpu_per_task_deep"] == pytest.approx(1_000)
    assert found["depth_deep"] == pytest.approx(900, abs=1)
    none = {m.name for m in at_depth("deep", DEEP, ends, usages[:2], 1_000)}
    assert none == {"depth_deep", "drain_rate_deep"}


@pytest.mark.parametrize(("left", "lost"), [(0, 40), (30, 10), (40, 0), (45, 0)])
def test_what_is_still_at_the_broker_is_not_lost(left: int, lost: int) -> None:
    fate = with_left(Account(100, 60, 0, 40, 0, 0, 0, 0), left)
    assert fate.lost == lost
    assert bool(fate.complaints()) == bool(lost)
    assert bool(said_of(fate, left)) == bool(left)
