"""A cell a pair of settings, darker for more."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from harness.report.charts.palette import COLOURS, INK
from harness.report.charts.panel import Panel, arms_of
from harness.report.numbers import number


@dataclass(frozen=True)
class Spot:
    """A median at its two settings, both whole numbers."""

    arm: int
    across: float
    down: float
    median: float


@dataclass(frozen=True)
class GridAxes:
    """What the two axes are of."""

    across: str
    down: str


def heat_map(
    title: str, spots: Sequence[Spot], unit: str, named: GridAxes, *, higher: bool
) -> Panel:
    """Each cell with its figure, the best framed: the largest where ``higher`` is better, else the
    smallest.
    """
    best = (max if higher else min)(spots, key=lambda spot: spot.median)
    columns = sorted({spot.across for spot in spots})
    lines = sorted({spot.down for spot in spots})

    def draw(axes: Axes) -> None:
        for spot in spots:
            x, y = columns.index(spot.across), lines.index(spot.down)
            axes.add_patch(cell(x, y, strength(spot, spots)))
            weight = "bold" if spot is best else "normal"
            axes.text(x, y, number(spot.median), ha="center", va="center", fontweight=weight)
        axes.add_patch(frame(columns.index(best.across), lines.index(best.down)))
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(-0.5, len(lines) - 0.5)
        axes.set_xticks(range(len(columns)), [f"{c:.0f}" for c in columns])
        axes.set_yticks(range(len(lines)), [f"{c:.0f}" for c in lines])
        axes.tick_params(length=0, pad=5)
        axes.set_xlabel(named.across)
        axes.set_ylabel(named.down)

    said = "; ".join(in_words(spot, named) for spot in spots)
    heading = f"{title}, {unit}"
    height = 60 + 44 * len(lines)
    return Panel(heading, f"{heading}: {said}", height, draw, some=arms_of(spots))


def cell(x: int, y: int, share: float) -> Rectangle:
    corner = (x - 0.5, y - 0.5)
    return Rectangle(corner, 1, 1, color=COLOURS[0], alpha=0.08 + 0.5 * share, linewidth=0)


def frame(x: int, y: int) -> Rectangle:
    return Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=1.6)


def strength(spot: Spot, spots: Sequence[Spot]) -> float:
    """From 0, the smallest, to 1, the largest."""
    low, high = (end(each.median for each in spots) for end in (min, max))
    return (spot.median - low) / ((high - low) or 1.0)


def in_words(spot: Spot, named: GridAxes) -> str:
    place = f"{number(spot.across)} {named.across} and {number(spot.down)} {named.down}"
    return f"{place}: {number(spot.median)}"
