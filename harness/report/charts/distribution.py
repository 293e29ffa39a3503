"""Quantile curves on a log axis of the share that is slower."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.charts.axes import End, label_ends, named
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, arms_of
from harness.report.charts.plot import Band, Line, Plot, Spot, Tag
from harness.report.charts.scale import Tick
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

    def draw(plot: Plot) -> None:
        scale(plot, every)
        for curve in curves:
            draw_band(plot, curve)
        ends = [draw_curve(plot, curve) for curve in curves]
        label_ends(plot, ends, HEIGHT)
        named(plot, what.across, f"{what.up}, ms (log)")

    said = f"{what.name} distribution, {title}: {'; '.join(map(in_words, curves))}"
    return Panel(title, said, HEIGHT, draw, some=arms_of(rows))


def scale(plot: Plot, every: Sequence[Quantile]) -> None:
    """Upright the time, across the share beyond, the slowest to the right."""
    plot.y.log_of([value for row in every for value in (row.low, row.high)], "y")
    slower = [row.slower for row in every]
    plot.x.ends(max(slower), min(0.5, *slower))
    plot.x.log = plot.x.grid = plot.y.grid = True
    plot.x.ticks = [
        Tick(share, words)
        for share, words in SHARES.items()
        if -1e-9 <= plot.x.share(share) <= 1 + 1e-9
    ]


def draw_band(plot: Plot, own: Sequence[Quantile]) -> None:
    """The range over the trials of one arm."""
    if own[0].trials > 1:
        edge, xs = plot.y.low, [row.slower for row in own]
        lows, highs = [max(edge, row.low) for row in own], [max(edge, row.high) for row in own]
        shade = colour(own[0].arm)
        plot.add(Band(xs=xs, lows=lows, highs=highs, colour=shade, tag=Tag((own[0].arm,))))


def draw_curve(plot: Plot, own: Sequence[Quantile]) -> End:
    """The curve of one arm; where it ends."""
    arm, shade = own[0].arm, colour(own[0].arm)
    xs = [row.slower for row in own]
    ys = [max(plot.y.low, row.median) for row in own]
    plot.add(
        Line(xs=xs, ys=ys, colour=shade, width=1.8, tag=Tag((arm,))),
        Spot(x=xs[-1], y=ys[-1], sign=marker(arm), colour=shade, tag=Tag((arm,))),
    )
    for row, y in zip(own, ys, strict=True):
        if row.slower in SHARES:
            said = f"{row.label}: {SHARES[row.slower]} within {number(row.median)} ms"
            tag = Tag((arm,), said)
            spot = Spot(x=row.slower, y=y, sign="o", colour=shade, size=12, unseen=True, tag=tag)
            plot.add(spot)
    return End(xs[-1], ys[-1], arm, own[0].label)


def in_words(own: Sequence[Quantile]) -> str:
    """From where to where the curve of an arm goes."""
    ends = f"from {number(own[0].median)} ms to {number(own[-1].median)} ms"
    return f"{own[0].label} {ends} for the slowest {own[-1].slower:.2%}"
