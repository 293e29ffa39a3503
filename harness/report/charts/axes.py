"""What the axes of several kinds of charts have alike: scales, ticks, grids, names of lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from harness.report.charts.panel import TEXT, mark

PLAIN = FuncFormatter(lambda value, _: f"{value:,.12g}")
DASHES = (0, (4, 2))
X_LABELS, Y_LABELS = 100, 500  # the largest ratio of a log axis that is labelled at 2 and 5 too


@dataclass(frozen=True)
class End:
    """Where the line of an arm ends, and its name."""

    x: float
    y: float
    arm: int
    label: str


def steps(low: float, high: float) -> tuple[float, float]:
    """The nearest of … 1, 2, 5, 10, 20, 50 … below and above, for the ends of a log axis."""
    scale = [base * 10.0**power for power in range(-9, 13) for base in (1, 2, 5)]
    below = max((s for s in scale if s <= low), default=scale[0])
    above = min((s for s in scale if s >= high and s > below), default=scale[-1])
    return below, above


def log_ends(values: Iterable[float]) -> tuple[float, float]:
    positive = [v for v in values if v > 0]
    return steps(min(positive, default=0.1), max(positive, default=1.0))


def log_x(axes: Axes, values: Iterable[float]) -> None:
    """A log axis over positive values, labelled at 1, 2, 5, or at powers of ten if it is long."""
    low, high = log_ends(values)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    log_ticks(axes.xaxis, every_step=high / low < X_LABELS)


def log_y(axes: Axes, values: Iterable[float]) -> None:
    """``log_x``, upright."""
    low, high = log_ends(values)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    log_ticks(axes.yaxis, every_step=high / low < Y_LABELS)


def log_ticks(axis: Axis, *, every_step: bool) -> None:
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if every_step else (1,)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(PLAIN)


def few_ticks(axis: Axis, most: int) -> None:
    """At most so many, with figures in full."""
    axis.set_major_locator(MaxNLocator(most))
    axis.set_major_formatter(PLAIN)


def whole_ticks(axis: Axis, most: int) -> None:
    """At most so many, at whole numbers."""
    axis.set_major_locator(MaxNLocator(most, integer=True))


def plain_grid(axes: Axes, which: Literal["both", "x", "y"]) -> None:
    axes.grid(visible=True, axis=which)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=5)


def two_lines(label: str) -> str:
    """A long label after its first part; half of a panel is for what is drawn."""
    first, dot, rest = label.partition(" · ")
    return f"{first}\n{rest}" if dot and len(label) > 22 else label


def label_ends(axes: Axes, ends: Sequence[End], height: int) -> None:
    """Write each arm's label right of its line's end, pushed apart where they would overlap.

    The shift is in px from the point; it needs the limits of the axes to be set already. Where
    they would not fit at all, colours and markers have to do: the key names them.
    """
    lines = [two_lines(end.label).count("\n") + 1 for end in ends]
    gap = (TEXT + 2.5) * max(lines, default=1)
    inner = height - 60
    if gap * len(ends) > inner:
        return
    low, high = axes.transScale.transform([(1, v) for v in axes.get_ylim()])[:, 1]
    last = float("-inf")
    for end in sorted(ends, key=lambda end: end.y):
        place = axes.transScale.transform((end.x, end.y))[1]
        at = (place - low) / ((high - low) or 1.0) * inner
        free = last = max(at, last + gap)
        label = axes.annotate(
            two_lines(end.label),
            (end.x, end.y),
            xytext=(7, free - at),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
        mark([label], [end.arm])
