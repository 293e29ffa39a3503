"""The ends of axes."""

from harness.report.charts.axes import steps


def test_a_log_axis_ends_at_round_figures() -> None:
    assert steps(1.2, 40) == (1, 50)
    assert steps(5, 5) == (5, 10)
