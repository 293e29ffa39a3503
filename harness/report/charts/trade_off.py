"""One picture of the trade-off: how much an arm drains against how long a task takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.charts.axes import named
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, arms_of
from harness.report.charts.plot import Plot, Spot, Tag, Words

HEIGHT = 300  # px
MIDDLE = 0.45  # share of the width from which on a name stands to the left
TOP = 0.93  # share of the height from which on it stands below


@dataclass(frozen=True)
class Traded:
    """An arm; ``ahead``: no other is better in both."""

    arm: int
    label: str
    rate: float
    latency: float
    ahead: bool


def trade_off(title: str, arms: Sequence[Traded], up: str) -> Panel:
    """To the lower right is better; only those ahead have their name beside them."""

    def draw(plot: Plot) -> None:
        plot.x.log_of([arm.rate for arm in arms], "x")
        plot.y.log_of([arm.latency for arm in arms], "y")
        plot.x.grid = plot.y.grid = True
        for arm in arms:
            draw_arm(plot, arm)
        named(plot, "drain rate, tasks/s (log)", up)

    said = "; ".join(f"{a.label} {number(a.rate)} tasks/s, {number(a.latency)} ms" for a in arms)
    note = "Lower right is better. Named: arms that no other beats in both."
    return Panel(title, f"{title}: {said}", HEIGHT, draw, note, some=arms_of(arms))


def draw_arm(plot: Plot, arm: Traded) -> None:
    words = f"{arm.label}: {number(arm.rate)} tasks/s, {number(arm.latency)} ms"
    x, y, sign, shade = arm.rate, arm.latency, marker(arm.arm), colour(arm.arm)
    plot.add(Spot(x=x, y=y, sign=sign, colour=shade, size=7, tag=Tag((arm.arm,), words)))
    if arm.ahead:
        aside, across = (-7, "end") if plot.x.share(x) > MIDDLE else (7, "start")
        rise, up = (-7, "top") if plot.y.share(y) > TOP else (7, "bottom")
        name = Tag((arm.arm,))
        shift = (aside, rise)
        plot.add(Words(x=x, y=y, text=arm.label, shift=shift, across=across, up=up, tag=name))
