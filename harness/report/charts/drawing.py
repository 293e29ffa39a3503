"""Panels beside each other as a picture of its own, PNG and SVG, beside the page."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import matplotlib as mpl
from matplotlib.figure import Figure

from harness.report.charts.painting import STYLE, paint
from harness.report.charts.panel import TEXT, WIDTH, Panel

ENDINGS = (".png", ".svg")
ABREAST = 3  # panels in a row
NOTE_WIDTH = 44  # characters


def drawing(panels: Sequence[Panel], path: Path, title: str, foot: str) -> None:
    """The panels on white, at most three in a row; ``foot`` is the last line. ``path`` gets the
    endings ``.png`` and ``.svg``.

    The picture travels without the page, so it carries the panels' notes and the caveat itself.
    """
    columns = min(ABREAST, len(panels))
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    heights = [max(map(height, row)) for row in rows]
    with mpl.rc_context(STYLE):
        figure = Figure(
            figsize=(columns * (WIDTH + 16) / 72, (sum(heights) + 64) / 72), layout="constrained"
        )
        figure.suptitle(title, fontsize=TEXT + 2, x=0.01, ha="left")
        figure.supxlabel(foot, fontsize=TEXT, x=0.01, ha="left")
        grid = figure.add_gridspec(len(rows), columns, height_ratios=heights)
        for y, row in enumerate(rows):
            for x, panel in enumerate(row):
                axes = figure.add_subplot(grid[y, x])
                paint(panel.plot(), axes)
                axes.set_title(heading(panel), loc="left", pad=8)
        for ending in ENDINGS:
            figure.savefig(path.with_suffix(ending), dpi=144, facecolor="white")


def heading(panel: Panel) -> str:
    """Title and note, which has no other place here."""
    return "\n".join([panel.title, *wrap(panel.note, NOTE_WIDTH)])


def height(panel: Panel) -> int:
    """With its heading, in px."""
    return panel.height + 16 * (heading(panel).count("\n") + 1) + 16
