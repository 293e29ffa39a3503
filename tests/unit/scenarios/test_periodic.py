"""Ticks on their grid."""

import numpy as np
import pytest

from harness.measure.layouts import Array
from harness.measure.silence import SECOND
from scenarios.periodic import on_grid


def ticks(*seconds: float) -> Array:
    return np.array([int(second * SECOND) for second in seconds], dtype=np.int64)


def test_one_a_second_is_missed_and_doubled_by_none() -> None:
    found = on_grid(ticks(5.25, 6.25, 7.5, 8.25), int(9.2 * SECOND))
    assert found[:-1] == (4, 0, 0, 0, 0)
    assert (found.behind / SECOND).tolist() == [0, 0, 0.25, 0]


def test_a_grid_is_laid_through_the_most_punctual_tick() -> None:
    found = on_grid(ticks(5.4, 6.0, 7.0), 8 * SECOND)  # the first was late
    assert np.allclose(found.behind / SECOND, [0.4, 0, 0])
    assert (found.seconds, found.missed) == (3, 0)


def test_a_second_without_a_tick_is_missed_and_one_with_several_doubled() -> None:
    found = on_grid(ticks(1, 2, 2.1, 2.2, 4, 5.3), int(8.4 * SECOND))
    assert found.seconds == 7  # 1 to 7
    assert (found.late, found.missed, found.doubled, found.more) == (0, 3, 1, 2)


@pytest.mark.parametrize(
    ("heap", "late", "missed", "more"),
    [((4.9,), 0, 2, 0), ((4.9, 4.91), 1, 1, 0), ((4.9,) * 3, 2, 0, 0), ((4.9,) * 5, 2, 0, 2)],
)
def test_what_waited_while_a_worker_was_down_is_late_not_missed(
    heap: tuple[float, ...], late: int, missed: int, more: int
) -> None:
    found = on_grid(ticks(1, 2, *heap, 6, 7), int(7.9 * SECOND))
    assert found[:-1] == (7, late, missed, int(more > 0), more)


def test_a_double_tick_before_a_gap_stands_for_nothing_in_it() -> None:
    found = on_grid(ticks(1, 2, 2.1, 4), int(4.9 * SECOND))
    assert (found.late, found.missed, found.more) == (0, 1, 1)
