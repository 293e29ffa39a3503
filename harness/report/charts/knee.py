"""Load against p99, from the trials of a search for the rate that holds an objective."""

from collections.abc import Sequence

from harness.cli.numbers import number
from harness.report.charts.axes import named
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, arms_of
from harness.report.charts.plot import EDGE, Box, Line, Plot, Spot, Tag
from harness.report.rows.distributions import SearchTrial

HEIGHT = 240  # px


def knee(title: str, rows: Sequence[SearchTrial], words: str) -> Panel:
    """A dot a trial of one arm (hollow: the objective was not held), bracket and objective."""
    first = rows[0]
    top = max(row.p99 or row.slo for row in rows) * 1.5

    def draw(plot: Plot) -> None:
        plot.x.log_of([row.offered for row in rows], "x")
        plot.y.log_of([*(row.p99 for row in rows if row.p99), first.slo, top], "y")
        across = [-EDGE, EDGE]
        plot.add(Line(xs=across, ys=[first.slo] * 2, colour=INK, width=1, dashed=True))
        if first.low and first.high:
            span = (first.low, first.high)
            plot.add(Box(x=span, y=(-EDGE, EDGE), colour=colour(first.arm), alpha=0.25))
        for row in sorted(rows, key=lambda row: not row.passed):
            draw_trial(plot, row, top)
        plot.x.grid = plot.y.grid = True
        named(plot, "offered load, tasks/s (log)", "sojourn p99, ms (log)")

    return Panel(title, f"{title}: {words}", HEIGHT, draw, words, some=arms_of(rows))


def draw_trial(plot: Plot, row: SearchTrial, top: float) -> None:
    """At the upper edge where overload left no p99."""
    p99 = f"p99 {number(row.p99)} ms" if row.p99 else "no p99"
    answer = "held" if row.passed else "not held"
    tag = Tag((row.arm,), f"{number(row.offered)} tasks/s: {p99}, {answer}")
    sign, shade, hollow = marker(row.arm), colour(row.arm), not row.passed
    y = row.p99 or top
    plot.add(Spot(x=row.offered, y=y, sign=sign, colour=shade, hollow=hollow, tag=tag))
