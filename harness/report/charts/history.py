"""A metric over the releases of a framework, each beside the same fixed one."""

from itertools import pairwise

from harness.cli.numbers import number
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, page_arms_of
from harness.report.charts.plot import EDGE, Line, Plot, Spot, Tag, Words
from harness.report.charts.scale import Tick
from harness.report.history import History, Released
from harness.report.rows.history import ConfirmedStep

VALUES, STEPS = colour(1), colour(2)
AROUND, EACH = 62, 24  # px
ROOM = 0.05  # of the width, on both sides


def over_releases(title: str, found: History) -> Panel:
    """A row a release: its ratio to the fixed one in its 95 % interval; between two of them the
    steps that new blocks confirmed.
    """

    def draw(plot: Plot) -> None:
        plot.add(Line(xs=[1, 1], ys=[-EDGE, EDGE], colour=INK, width=0.8))
        for row, release in enumerate(found.releases):
            draw_release(plot, -float(row), release)
        for row, (_, after) in enumerate(pairwise(found.releases)):
            if after.version in found.steps:
                draw_step(plot, -row - 0.5, found.steps[after.version], after)
        plot.y.ticks = [
            Tick(-float(row), named(release), tuple(release.page_arms), row=row)
            for row, release in enumerate(found.releases)
        ]
        plot.y.ends(-len(found.releases) + 0.4, 0.6)
        plot.x.ends(*ends(found))
        plot.x.few(4)
        plot.x.grid, plot.upright = True, False
        plot.x.label = f"times that of {found.fixed}"

    said = "; ".join(in_words(release) for release in found.releases)
    words = f"{title} over releases, times that of {found.fixed}, 95 % intervals: {said}"
    height = AROUND + EACH * len(found.releases)
    return Panel(title, words, height, draw, some=page_arms_of(found.releases))


def ends(found: History) -> tuple[float, float]:
    """All intervals and 1, with some room."""
    low = min(1.0, *(release.level.low for release in found.releases))
    high = max(1.0, *(release.level.high for release in found.releases))
    room = ROOM * (high - low) or ROOM
    return low - room, high + room


def draw_release(plot: Plot, y: float, release: Released) -> None:
    level, tag = release.level, Tag(tuple(release.page_arms), in_words(release), row=-y)
    ends_at = [level.low, level.high]
    plot.add(
        Line(xs=ends_at, ys=[y, y], colour=VALUES, width=2, tag=tag),
        Spot(x=level.ratio, y=y, sign=marker(1), colour=VALUES, tag=tag),
    )


def draw_step(plot: Plot, y: float, step: ConfirmedStep, after: Released) -> None:
    """A line across with the factor, between the two rows."""
    tag = Tag(tuple(after.page_arms), step.sentence)
    plot.add(
        Line(xs=[-EDGE, EDGE], ys=[y, y], colour=STEPS, width=1.4, dashed=True, tag=tag),
        Words(x=EDGE, y=y, text=f"× {number(step.ratio)}", across="end", up="bottom", tag=tag),
    )


def named(release: Released) -> str:
    return f"{release.version}  {release.day}".strip()


def in_words(release: Released) -> str:
    level = release.level
    return (
        f"{named(release)}: {number(level.ratio)} [{number(level.low)}, {number(level.high)}], "
        f"{level.blocks} blocks"
    )
