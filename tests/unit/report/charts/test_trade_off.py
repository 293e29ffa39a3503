"""The picture of the trade-off."""

from harness.report.charts.plot import Plot, Words
from harness.report.charts.trade_off import Traded, trade_off


def test_a_name_stands_within_the_frame() -> None:
    """Below the arm that is at the top, above another; to the left of what is at the right."""
    arms = [Traded(1, "ant", 7_327, 100.0, ahead=True), Traded(2, "bee", 1_550, 4.97, ahead=True)]
    plot = Plot()
    trade_off("Throughput against latency", arms, "p99, ms (log)").draw(plot)
    ant, bee = (item for item in plot.items if isinstance(item, Words))
    assert (ant.across, ant.up, ant.shift) == ("end", "top", (-7, -7))
    assert (bee.across, bee.up, bee.shift) == ("start", "bottom", (7, 7))
