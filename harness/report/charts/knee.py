"""Load against p99, from the trials of a search for the rate that holds an objective."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from harness.report.charts.axes import DASHES, log_x, log_y, plain_grid
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, arms_of, mark
from harness.report.numbers import number
from harness.report.rows.distributions import SearchTrial

HEIGHT = 240  # px


def knee(title: str, rows: Sequence[SearchTrial], words: str) -> Panel:
    """A dot a trial of one arm (hollow: the objective was not held), bracket and objective."""
    first = rows[0]
    top = max(row.p99 or row.slo for row in rows) * 1.5

    def draw(axes: Axes) -> None:
        log_x(axes, [row.offered for row in rows])
        log_y(axes, [*(row.p99 for row in rows if row.p99), first.slo, top])
        axes.axhline(first.slo, color=INK, linewidth=1, linestyle=DASHES)
        if first.low and first.high:
            shade = colour(first.arm)
            axes.axvspan(first.low, first.high, color=shade, alpha=0.25, linewidth=0)
        for row in sorted(rows, key=lambda row: not row.passed):
            draw_trial(axes, row, top)
        axes.set_xlabel("offered load, tasks/s (log)")
        axes.set_ylabel("sojourn p99, ms (log)")
        plain_grid(axes, "both")

    return Panel(title, f"{title}: {words}", HEIGHT, draw, words, some=arms_of(rows))


def draw_trial(axes: Axes, row: SearchTrial, top: float) -> None:
    """At the upper edge where overload left no p99."""
    shade = colour(row.arm)
    dot = axes.plot(
        row.offered,
        row.p99 or top,
        marker(row.arm),
        color=shade,
        markersize=5,
        markerfacecolor=shade if row.passed else "none",
        clip_on=False,
    )
    p99 = f"p99 {number(row.p99)} ms" if row.p99 else "no p99"
    answer = "held" if row.passed else "not held"
    mark(dot, [row.arm], f"{number(row.offered)} tasks/s: {p99}, {answer}")
