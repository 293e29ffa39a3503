"""One picture of the trade-off: how much an arm drains against how long a task takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from harness.report.charts.axes import log_x, log_y, plain_grid
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, arms_of, mark
from harness.report.numbers import number

HEIGHT = 300  # px


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

    def draw(axes: Axes) -> None:
        log_x(axes, [arm.rate for arm in arms])
        log_y(axes, [arm.latency for arm in arms])
        for arm in arms:
            draw_arm(axes, arm)
        axes.set_xlabel("drain rate, tasks/s (log)")
        axes.set_ylabel(up)
        plain_grid(axes, "both")

    said = "; ".join(f"{a.label} {number(a.rate)} tasks/s, {number(a.latency)} ms" for a in arms)
    note = "Lower right is better. Named: arms that no other beats in both."
    return Panel(title, f"{title}: {said}", HEIGHT, draw, note, some=arms_of(arms))


def draw_arm(axes: Axes, arm: Traded) -> None:
    dot = axes.plot(arm.rate, arm.latency, marker(arm.arm), color=colour(arm.arm), markersize=7)
    words = f"{arm.label}: {number(arm.rate)} tasks/s, {number(arm.latency)} ms"
    mark(dot, (arm.arm,), words)
    if arm.ahead:
        left = arm.rate > sum(axes.get_xlim()) / 4
        name = axes.annotate(
            arm.label,
            (arm.rate, arm.latency),
            xytext=(-7 if left else 7, 5),
            textcoords="offset points",
            ha="right" if left else "left",
        )
        mark([name], (arm.arm,))
