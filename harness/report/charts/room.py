"""Where the axes of a chart stand in its panel, so that nothing written around them is cut off.

The browser's font is not known, so widths of letters are those of DejaVu Sans, a wide one.
"""

from dataclasses import dataclass

from harness.report.charts.panel import TEXT, WIDTH
from harness.report.charts.plot import Plot, Words

LINE = TEXT * 1.2  # px from one line of text to the next
TOP, PAD = 8, 5  # px above the axes, and between them and their ticks
NARROW, BROAD = " .,:;'|!()[]fijlrtI-", "mwMW%@—…"


@dataclass(frozen=True)
class Room:
    """In px of the panel, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def wide(text: str) -> float:
    """How wide the longest line of a text may be, in px."""
    ems = {**dict.fromkeys(NARROW, 0.38), **dict.fromkeys(BROAD, 0.95)}
    return TEXT * max(sum(ems.get(c, 0.63) for c in line) for line in text.split("\n"))


def room(plot: Plot, height: int) -> Room:
    below = PAD + LINE + (LINE if plot.x.label else 0) + 4
    labels = max((wide(tick.text) for tick in plot.y.shown()), default=0.0)
    left = max(labels + PAD + (LINE + 3 if plot.y.label else 0), half_of_first(plot)) + 1
    right = WIDTH - beyond(plot, left)
    return Room(left, TOP, right, height - below)


def half_of_first(plot: Plot) -> float:
    """What the first tick's text needs to the left of the axes."""
    return max((wide(t.text) / 2 for t in plot.x.shown() if plot.x.share(t.at) < 0.02), default=0.0)


def beyond(plot: Plot, left: float) -> float:
    """What texts need to the right of the axes: those at the ends of lines, and the last tick's."""
    whole = WIDTH - left
    needed = [4.0]
    for item in plot.items:
        if isinstance(item, Words) and item.across == "start":
            share = plot.x.share(item.x)
            if share > 0.2:
                needed.append(whole - (whole - item.shift[0] - wide(item.text)) / share)
    for tick in plot.x.shown():
        share = plot.x.share(tick.at)
        if share > 0.2:
            needed.append(whole - (whole - wide(tick.text) / 2) / share)
    return min(max(needed), whole * 0.7)
