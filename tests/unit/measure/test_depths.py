"""Rates at a depth that was held."""

import numpy as np
import pytest

from harness.measure.depths import HeldRate, Stretch, apart, held_rates
from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records

SECOND = 1_000_000_000


def at(depth: int, *rates: float) -> HeldRate:
    return HeldRate(depth, float(np.mean(rates)), rates, float(depth))


@pytest.mark.parametrize(
    ("deep", "shallow", "ratio"),
    [
        ((100, 110, 105), (200, 210, 220), 2.0),
        ((200, 210, 220), (100, 110, 105), 0.5),  # a queue may be quicker when it is full
        ((100, 110, 205), (200, 210, 220), 1.0),  # one stretch says otherwise
        ((100, 101, 102), (103, 103.5, 104), 1.0),  # too near to matter
        ((0, 0, 0), (1, 1, 1), 1.0),
        ((1, 1, 1), (0, 0, 0), 1.0),
    ],
)
def test_rates_are_apart_where_every_stretch_of_one_is_beyond_the_others(
    deep: tuple[float, ...], shallow: tuple[float, ...], ratio: float
) -> None:
    assert apart(at(1000, *deep), at(100, *shallow)) == pytest.approx(ratio, rel=0.02)


def test_a_rate_is_of_what_ended_while_so_many_were_there() -> None:
    """Ten tasks a second end and are replaced at once; a hundred are there."""
    tasks = 300
    sends, runs = np.zeros(tasks, SEND_TYPE), np.zeros(tasks, RUN_TYPE)
    ends = (np.arange(tasks) + 1) * SECOND // 10
    runs["end"] = ends
    sends["ack"][100:] = ends[:-100]
    stretches = [Stretch(2 * SECOND, 4 * SECOND), Stretch(10 * SECOND, 14 * SECOND)]
    (found,) = held_rates(Records(sends, runs), {100: stretches})
    assert found.rate == pytest.approx(10.0)
    assert list(found.rates) == pytest.approx([10.0, 10.0])
    assert found.depth == pytest.approx(100, abs=1)


def test_the_deepest_comes_first() -> None:
    nothing = Records(np.zeros(0, SEND_TYPE), np.zeros(0, RUN_TYPE))
    found = list(held_rates(nothing, {10: [Stretch(0, 9)], 100: [Stretch(0, 9)]}))
    assert [(each.asked, each.rate) for each in found] == [(100, 0.0), (10, 0.0)]
