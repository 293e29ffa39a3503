"""A picture of one question for a slide: the best arms, a dot and an interval each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from harness.cli.numbers import number
from harness.report.charts.drawing import ENDINGS
from harness.report.charts.painting import STYLE, label
from harness.report.charts.palette import colour, marker
from harness.report.charts.scale import Axis

SIZE = (12.8, 7.2)  # inches: 16 to 9
PAD = 0.2  # inches
TITLE_WIDTH, FOOT_WIDTH = 62, 130  # characters
TEXT: dict[Any, Any] = {
    "font.size": 18,
    "ytick.labelsize": 18,
    "xtick.labelsize": 14,
    "axes.labelsize": 16,
}


@dataclass(frozen=True)
class SlideLine:
    """An arm: its estimate with its interval, and how many times the best's it is, in words."""

    arm: int
    label: str
    value: float
    low: float
    high: float
    times: str


def slide(lines: Sequence[SlideLine], path: Path, title: str, axis: str, foot: str) -> None:
    """On white, as wide as a slide; ``path`` gets the endings ``.png`` and ``.svg``."""
    with mpl.rc_context({**STYLE, **TEXT}):
        figure = Figure(figsize=SIZE, layout=ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD))
        figure.suptitle("\n".join(wrap(title, TITLE_WIDTH)), fontsize=26, x=0.02, ha="left")
        figure.supxlabel("\n".join(wrap(foot, FOOT_WIDTH)), fontsize=13, x=0.02, ha="left")
        draw(figure.add_subplot(), lines, axis)
        for ending in ENDINGS:
            figure.savefig(path.with_suffix(ending), dpi=100, facecolor="white")


def draw(axes: Axes, lines: Sequence[SlideLine], axis: str) -> None:
    for row, line in enumerate(lines):
        shade = colour(line.arm)
        axes.plot([line.low, line.high], [-row, -row], color=shade, linewidth=6, alpha=0.5)
        axes.plot(line.value, -row, marker(line.arm), color=shade, markersize=14)
        words = " · ".join(filter(None, [number(line.value), line.times]))
        end = max(line.high, line.value)
        axes.annotate(words, (end, -row), xytext=(14, 0), textcoords="offset points", va="center")
    axes.set_yticks([-row for row in range(len(lines))], [line.label for line in lines])
    across = Axis(label=axis, grid=True)
    across.ends(0, max(max(line.high, line.value) for line in lines) * 1.3 or 1.0)
    axes.set_xlim(across.low, across.high)
    label(axes.xaxis, across)
    axes.set_ylim(-len(lines) + 0.4, 0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=5)
    axes.spines["left"].set_visible(False)
