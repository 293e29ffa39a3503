"""Slopes of what may drift."""

import pytest

from harness.scenario.point import FULL, Point
from scenarios.soak import halfway, slopes


def half(an_hour: float, minutes: int = 10) -> list[dict[str, float]]:
    """Checkpoints after a start: the first like no other, the others on a line."""
    return [{"sojourn_p50": 99.0}] + [{"sojourn_p50": 5 + an_hour * n / 60} for n in range(minutes)]


def test_slopes_are_by_the_hour_and_leave_each_first_minute_out() -> None:
    checkpoints = half(1.0) + half(3.0)
    found = {m.name: m for m in slopes(checkpoints, 60.0, 11)}
    assert found["sojourn_p50_slope"].value == pytest.approx(2.0)
    assert found["sojourn_p50_slope_low"].value == pytest.approx(1.0)
    assert found["sojourn_p50_slope_high"].value == pytest.approx(3.0)
    assert found["sojourn_p50_slope"].unit == "ms/h"
    assert set(found) == {f"sojourn_p50_slope{end}" for end in ("", "_low", "_high")}
    assert slopes(half(1.0, 5) + half(1.0), 60.0, 6) == []


def test_a_piece_has_the_slope_of_all_of_it_but_its_first_minute() -> None:
    found = {m.name: m.value for m in slopes(half(3.0, 9), 60.0, None)}
    assert found["sojourn_p50_slope"] == pytest.approx(3.0)
    assert slopes(half(3.0, 5), 60.0, None) == []
    one, piece = (Point(FULL, options={"minutes": 10, "anew": anew}) for anew in (True, False))
    assert (halfway(one), halfway(piece)) == (5, None)


def test_what_one_half_does_not_do_is_no_growth() -> None:
    found = {m.name: m.value for m in slopes(half(9.0) + half(-0.1), 60.0, 11)}
    assert found["sojourn_p50_slope_low"] < 0 < found["sojourn_p50_slope"]
