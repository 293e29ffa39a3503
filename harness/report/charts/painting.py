"""A plot painted with matplotlib, for the pictures beside a page."""

from functools import singledispatch
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis as Drawn
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from harness.report.charts.palette import INK, RULE
from harness.report.charts.panel import TEXT
from harness.report.charts.plot import Band, Box, Item, Line, Plot, Spot, Words
from harness.report.charts.scale import Axis

mpl.rcdefaults()  # what somebody has set in files changes no picture

DASHES = (0, (4, 2))
ACROSS = {"start": "left", "middle": "center", "end": "right"}
UP = {"top": "top", "middle": "center", "bottom": "bottom"}
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": TEXT,
    "axes.titlesize": TEXT,
    "axes.labelsize": TEXT,
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def paint(plot: Plot, axes: Axes) -> None:
    """Draw it into axes of matplotlib."""
    for axis, scale, limits in (
        (plot.x, axes.set_xscale, axes.set_xlim),
        (plot.y, axes.set_yscale, axes.set_ylim),
    ):
        scale("log" if axis.log else "linear")
        limits(axis.low, axis.high)
    for item in plot.items:
        painted(item, axes)
    label(axes.xaxis, plot.x)
    label(axes.yaxis, plot.y)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=5)
    axes.spines["left"].set_visible(plot.upright)


def label(drawn: Drawn, axis: Axis) -> None:
    ticks = axis.shown()
    drawn.set_ticks([tick.at for tick in ticks], [tick.text for tick in ticks])
    drawn.set_minor_locator(NullLocator())
    drawn.set_label_text(axis.label)
    drawn.grid(visible=axis.grid)


def at_ends(values: Any, low: float, high: float) -> list[float]:
    """With the ends of the axis where something goes as far as that."""
    ends = {float("-inf"): low, float("inf"): high}
    return [ends.get(value, value) for value in values]


@singledispatch
def painted(item: Item, _axes: Axes) -> None:
    raise TypeError(item)


@painted.register
def _(item: Line, axes: Axes) -> None:
    axes.plot(
        at_ends(item.xs, *axes.get_xlim()),
        at_ends(item.ys, *axes.get_ylim()),
        color=item.colour,
        linewidth=item.width,
        linestyle=DASHES if item.dashed else "-",
        marker=item.sign,
        markersize=item.size,
        markevery=item.every,
    )


@painted.register
def _(item: Spot, axes: Axes) -> None:
    if item.unseen:
        return
    axes.plot(
        item.x,
        item.y,
        item.sign,
        color=item.colour,
        markersize=item.size,
        markerfacecolor="none" if item.hollow else item.colour,
        alpha=item.alpha,
        clip_on=False,
        transform=axes.get_xaxis_transform() if item.of_height else axes.transData,
    )


@painted.register
def _(item: Box, axes: Axes) -> None:
    left, right = at_ends(item.x, *axes.get_xlim())
    below, above = at_ends(item.y, *axes.get_ylim())
    how: dict[str, Any] = {"facecolor": item.colour, "alpha": item.alpha, "linewidth": 0}
    if item.frame:
        how = {"fill": False, "edgecolor": item.colour, "linewidth": 1.6}
    axes.add_patch(Rectangle((left, below), right - left, above - below, **how))


@painted.register
def _(item: Band, axes: Axes) -> None:
    axes.fill_between(item.xs, item.lows, item.highs, color=item.colour, alpha=0.2, linewidth=0)


@painted.register
def _(item: Words, axes: Axes) -> None:
    axes.annotate(
        item.text,
        (item.x, item.y),
        xytext=item.shift,
        textcoords="offset points",
        ha=ACROSS[item.across],
        va=UP[item.up],
        fontweight="bold" if item.bold else "normal",
        annotation_clip=False,
    )
