"""Quantile curves on a log axis of the share that is slower."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from harness.report.charts.axes import End, label_ends, log_y, plain_grid
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, arms_of, mark
from harness.report.numbers import number
from harness.report.rows.distributions import Quantile
from harness.report.rows.grouped import grouped

HEIGHT = 280  # px
SHARES = {0.5: "50 %", 0.1: "90 %", 0.01: "99 %", 0.001: "99.9 %", 0.0001: "99.99 %"}


@dataclass(frozen=True)
class Spread:
    """What a distribution is of: its name and its axes."""

    name: str
    up: str
    across: str


LATENCY = Spread("Latency", "sojourn time", "share of tasks at most this slow")
LATENESS = Spread("Lateness", "lateness", "share of starts at most this late")


def distribution(
    title: str, rows: Sequence[Quantile], every: Sequence[Quantile], what: Spread = LATENCY
) -> Panel:
    """A curve an arm: what (ms) a share of tasks does not exceed; the range over trials is a band.

    ``every`` are the rows of all panels: they share their axes, so that they compare. What is 0 or
    less, as the lateness of what came early, runs along the lower edge.
    """
    curves = grouped(rows, lambda row: row.arm)

    def draw(axes: Axes) -> None:
        scale(axes, every)
        ends = [draw_curve(axes, curve) for curve in curves]
        label_ends(axes, ends, HEIGHT)
        axes.set_xlabel(what.across)
        axes.set_ylabel(f"{what.up}, ms (log)")
        plain_grid(axes, "both")

    said = f"{what.name} distribution, {title}: {'; '.join(map(in_words, curves))}"
    return Panel(title, said, HEIGHT, draw, some=arms_of(rows))


def scale(axes: Axes, every: Sequence[Quantile]) -> None:
    """Upright the time, across the share beyond, the slowest to the right."""
    log_y(axes, [value for row in every for value in (row.low, row.high)])
    axes.set_xscale("log")
    slower = [row.slower for row in every]
    axes.set_xlim(max(slower), min(0.5, *slower))
    axes.xaxis.set_major_locator(FixedLocator(list(SHARES)))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda v, _: SHARES[min(SHARES, key=lambda share: abs(share - v))])
    )
    axes.xaxis.set_minor_locator(NullLocator())


def draw_curve(axes: Axes, own: Sequence[Quantile]) -> End:
    """The curve of one arm with its band; where it ends."""
    arm, shade, edge = own[0].arm, colour(own[0].arm), axes.get_ylim()[0]
    x = [row.slower for row in own]
    low, y, high = ([max(edge, v) for v in line] for line in zip(*map(ranged, own), strict=True))
    if own[0].trials > 1:
        band = axes.fill_between(x, low, high, color=shade, alpha=0.2, linewidth=0)
        mark([band], [arm])
    mark(axes.plot(x, y, color=shade, linewidth=1.8), [arm])
    mark(axes.plot(x[-1], y[-1], marker(arm), color=shade, markersize=5, clip_on=False), [arm])
    for row in (row for row in own if row.slower in SHARES):
        unseen = axes.plot(
            row.slower, max(edge, row.median), "o", color=shade, alpha=0, markersize=12
        )
        said = f"{SHARES[row.slower]} within {number(row.median)} ms"
        mark(unseen, [arm], f"{row.label}: {said}")
    return End(x[-1], y[-1], arm, own[0].label)


def ranged(row: Quantile) -> tuple[float, float, float]:
    return row.low, row.median, row.high


def in_words(own: Sequence[Quantile]) -> str:
    """From where to where the curve of an arm goes."""
    ends = f"from {number(own[0].median)} ms to {number(own[-1].median)} ms"
    return f"{own[0].label} {ends} for the slowest {own[-1].slower:.2%}"
