"""Metric definitions on arrays with known answers."""

import math

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.metrics import drain_rate, join, live_rate, quantiles, send_rate
from harness.measure.records import Records
from tests.unit.measure.made import MS


def test_drain_rate_is_from_the_middle_of_the_drain() -> None:
    ends = np.arange(1000) * MS  # a task a millisecond, after a slow start
    ends[50:] += 900 * MS
    assert drain_rate(ends, slots=2) == pytest.approx(1000, rel=0.01)
    assert math.isnan(drain_rate(ends[:5], slots=2))


@pytest.mark.parametrize(("slots", "waves"), [(20, 2), (20, 3), (20, 7), (7, 5), (1, 12), (40, 1)])
def test_tasks_that_end_in_waves_have_the_rate_of_their_slots(slots: int, waves: int) -> None:
    """Each takes 100 ms; those of a wave end within a millisecond."""
    wave = 100 * MS * np.arange(1, waves + 1)
    ends = (wave[:, None] + np.linspace(0, MS, slots)).ravel()
    expected = 10 * slots if waves > 1 else 40_000  # of one wave nothing can be said
    assert drain_rate(ends, slots) == pytest.approx(expected, rel=0.03)


def test_refused_sends_are_not_acknowledged_sends() -> None:
    sends = np.zeros(101, SEND_TYPE)
    sends["send"], sends["ack"] = np.arange(101) * MS, np.arange(101) * MS
    assert send_rate(sends) == pytest.approx(1010)
    sends["outcome"][1:51] = 1
    assert send_rate(sends) == pytest.approx(510)


def test_quantiles_need_enough_tasks() -> None:
    names = [m.name for m in quantiles("sojourn", np.arange(999))]
    assert "sojourn_p99" not in names
    assert "sojourn_p99" in [m.name for m in quantiles("sojourn", np.arange(1000))]
    assert quantiles("sojourn", np.empty(0)) == []


def test_quantiles_by_hand() -> None:
    """1 to 10,001 ms: the share q of them is below 1 + 10,000 q ms."""
    found = {m.name: m.value for m in quantiles("wait", MS * np.arange(1, 10_002)[::-1])}
    expected = {"p50": 5001, "p90": 9001, "p99": 9901, "p999": 9991, "mean": 5001, "max": 10_001}
    assert found == pytest.approx({f"wait_{name}": value for name, value in expected.items()})


def test_join_takes_the_first_success() -> None:
    sends = np.array([(0, 1, 2, 3, 0, 0, 1)], SEND_TYPE)
    runs = np.array([(0, 10, 11, 0, 1, 5), (0, 20, 21, 0, 0, 5), (0, 30, 31, 0, 0, 6)], RUN_TYPE)
    joined = join(Records(sends, runs))
    assert joined.sojourn.tolist() == [20]
    assert joined.lag.tolist() == [1]


def test_a_live_rate_needs_workers_that_never_run_out() -> None:
    sends, runs = np.zeros(2000, SEND_TYPE), np.zeros(2000, RUN_TYPE)
    runs["end"] = np.arange(1, 2001) * MS
    sends["ack"] = np.maximum(0, runs["end"] - 50 * MS)  # always 50 tasks ahead of the workers
    assert live_rate(Records(sends, runs), slots=2) == pytest.approx(1000, rel=0.01)
    sends["ack"] = runs["end"]  # each task arrives when the one before has ended
    assert math.isnan(live_rate(Records(sends, runs), slots=2))
