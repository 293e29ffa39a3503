"""A cell a pair of settings, darker for more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.cli.numbers import number
from harness.report.charts.palette import COLOURS, INK
from harness.report.charts.panel import Panel, arms_of
from harness.report.charts.plot import Box, Plot, Words
from harness.report.charts.scale import Tick


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

    def draw(plot: Plot) -> None:
        for spot in spots:
            x, y = columns.index(spot.across), lines.index(spot.down)
            said, bold = number(spot.median), spot is best
            plot.add(cell(x, y, strength(spot, spots)))
            plot.add(Words(x=x, y=y, text=said, across="middle", bold=bold))
        plot.add(frame(columns.index(best.across), lines.index(best.down)))
        plot.x.ends(-0.5, len(columns) - 0.5)
        plot.y.ends(-0.5, len(lines) - 0.5)
        plot.x.ticks = [Tick(x, f"{value:.0f}") for x, value in enumerate(columns)]
        plot.y.ticks = [Tick(y, f"{value:.0f}") for y, value in enumerate(lines)]
        plot.x.label, plot.y.label = named.across, named.down

    said = "; ".join(in_words(spot, named) for spot in spots)
    heading = f"{title}, {unit}"
    height = 60 + 44 * len(lines)
    return Panel(heading, f"{heading}: {said}", height, draw, some=arms_of(spots))


def cell(x: int, y: int, share: float) -> Box:
    return Box(**around(x, y), colour=COLOURS[0], alpha=0.08 + 0.5 * share)


def frame(x: int, y: int) -> Box:
    return Box(**around(x, y), colour=INK, frame=True)


def around(x: int, y: int) -> dict[str, Any]:
    """The square whose middle that is."""
    return {"x": (x - 0.5, x + 0.5), "y": (y - 0.5, y + 0.5)}


def strength(spot: Spot, spots: Sequence[Spot]) -> float:
    """From 0, the smallest, to 1, the largest."""
    low, high = (end(each.median for each in spots) for end in (min, max))
    return (spot.median - low) / ((high - low) or 1.0)


def in_words(spot: Spot, named: GridAxes) -> str:
    place = f"{number(spot.across)} {named.across} and {number(spot.down)} {named.down}"
    return f"{place}: {number(spot.median)}"
