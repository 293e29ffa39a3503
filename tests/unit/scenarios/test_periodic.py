"""Ticks on their grid."""

import numpy as np

from harness.measure.layouts import Array
from harness.measure.silence import SECOND
from scenarios.periodic import on_grid


def ticks(*seconds: float) -> Array:
    return np.array([int(second * SECOND) for second in seconds], dtype=np.int64)


def test_one_a_second_is_missed_and_doubled_by_none() -> None:
    found = on_grid(ticks(5.25, 6.25, 7.5, 8.25), int(9.2 * SECOND))
    assert (found.seconds, found.missed, found.doubled, found.more) == (4, 0, 0, 0)
    assert (found.late / SECOND).tolist() == [0, 0, 0.25, 0]


def test_a_grid_is_laid_through_the_most_punctual_tick() -> None:
    found = on_grid(ticks(5.4, 6.0, 7.0), 8 * SECOND)  # the first was late
    assert np.allclose(found.late / SECOND, [0.4, 0, 0])
    assert (found.seconds, found.missed) == (3, 0)


def test_a_second_without_a_tick_is_missed_and_one_with_several_doubled() -> None:
    found = on_grid(ticks(1, 2, 2.1, 2.2, 4, 5.3), int(8.4 * SECOND))
    assert found.seconds == 7  # 1 to 7
    assert (found.missed, found.doubled, found.more) == (3, 1, 2)
