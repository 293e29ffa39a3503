"""The axis of a trend."""

from harness.report.charts.trend import day_ticks
from harness.report.rows.site import Stood


def test_an_axis_of_many_days_names_few() -> None:
    rows = [Stood(1, n + 1, f"2026-03-{n // 2 + 1:02}", "e", 1, 1.0, 1.0, 1.0) for n in range(20)]
    places, days = day_ticks(rows)
    assert places == [1, 7, 13, 19]
    assert days == ["2026-03-01", "2026-03-04", "2026-03-07", "2026-03-10"]
