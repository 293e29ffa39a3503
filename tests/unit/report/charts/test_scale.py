"""Axes: their ends, their ticks, and where a value stands."""

import pytest

from harness.report.charts.scale import Axis, steps


def texts(axis: Axis) -> list[str]:
    return [tick.text for tick in axis.shown()]


def test_a_log_axis_ends_at_round_figures() -> None:
    assert steps(1.2, 40) == (1, 50)
    assert steps(5, 5) == (5, 10)


@pytest.mark.parametrize(
    ("high", "most", "found"),
    [
        (1.0, 4, ["0", "0.25", "0.5", "0.75", "1"]),
        (1_280.0, 4, ["0", "500", "1,000"]),
        (0.3, 5, ["0", "0.1", "0.2", "0.3"]),
        (7e6, 2, ["0", "5,000,000"]),
    ],
)
def test_ticks_are_few_and_round(high: float, most: int, found: list[str]) -> None:
    axis = Axis()
    axis.ends(0, high)
    axis.few(most)
    assert texts(axis) == found


def test_ticks_of_a_whole_axis_are_whole() -> None:
    axis = Axis()
    axis.ends(0.5, 3.5)
    axis.few(6, whole=True)
    assert texts(axis) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1.2, 40], ["1", "2", "5", "10", "20", "50"]),
        ([0.02, 7_000], ["0.1", "1", "10", "100", "1,000", "10,000"]),
        ([0, -1], ["0.1", "0.2", "0.5", "1"]),
    ],
)
def test_ticks_of_a_log_axis(values: list[float], found: list[str]) -> None:
    axis = Axis()
    axis.log_of(values, "x")
    assert texts(axis) == found


def test_a_value_has_its_share_of_the_axis() -> None:
    axis = Axis()
    axis.ends(0, 4)
    assert [axis.share(v) for v in (0, 1, 4, float("inf"), float("-inf"))] == [0, 0.25, 1, 1, 0]
    axis.log_of([1, 100], "x")
    assert axis.share(10) == pytest.approx(0.5)
    axis.ends(0.5, 0.005)  # the slowest to the right
    assert axis.share(0.05) == pytest.approx(0.5)
