"""Horizontal bars at medians with a dot a trial over them, alone or in groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.charts.axes import two_lines
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, page_arms_of
from harness.report.charts.plot import Box, Line, Plot, Spot, Tag, Words
from harness.report.charts.scale import Tick
from harness.report.rows.grouped import grouped

LONG = 18  # characters of a label that leave little width
HALF = 0.28  # of a bar's height, in rows


@dataclass(frozen=True)
class Bar:
    """A median; ``arm`` gives colour, marker and place, ``page_arms`` are those that it is of."""

    arm: int
    label: str
    median: float
    unit: str
    page_arms: Sequence[int]
    group: str = ""

    @property
    def name(self) -> str:
        return ", ".join(filter(None, [self.label, self.group]))


@dataclass(frozen=True)
class Dot:
    """A trial."""

    arm: int
    value: float
    page_arms: Sequence[int]
    group: str = ""


def bars(title: str, medians: Sequence[Bar], dots: Sequence[Dot], unit: str) -> Panel:
    """A bar an arm at its median, a dot a trial over it; both in ``unit``."""

    def draw(plot: Plot) -> None:
        for row, bar in enumerate(medians):
            draw_bar(plot, bar, [dot for dot in dots if dot.arm == bar.arm], -float(row))
        label_rows(plot, {-float(row): bar for row, bar in enumerate(medians)})
        finish(plot, medians, dots, unit)
        plot.y.ends(-len(medians) + 0.4, 0.6)

    said = ", ".join(f"{bar.label} {number(bar.median)} {unit}" for bar in medians)
    height = 56 + 36 * len(medians)
    return Panel(title, f"{title}, median: {said}", height, draw, some=page_arms_of(medians))


def grouped_bars(title: str, medians: Sequence[Bar], dots: Sequence[Dot], unit: str) -> Panel:
    """``bars`` for every group, in order of appearance."""
    groups = list(dict.fromkeys(bar.group for bar in medians))
    arms = {bar.arm: bar for bar in medians}
    slots = len(arms) + 1

    def draw(plot: Plot) -> None:
        rows: dict[float, Bar] = {}
        for index, group in enumerate(groups):
            top = index * slots
            places = {arm: -float(top + row) for row, arm in enumerate(arms, 1)}
            own = [bar for bar in medians if bar.group == group]
            rows |= draw_group(plot, own, [dot for dot in dots if dot.group == group], places)
            write_heading(plot, group, own, top)
            rows |= {place: arms[arm] for arm, place in places.items() if place not in rows}
        label_rows(plot, dict(sorted(rows.items(), reverse=True)))
        finish(plot, medians, dots, unit)
        plot.y.ends(-len(groups) * slots + 0.4, 0.0)

    said = "; ".join(f"{b.label} {b.group} {number(b.median)} {unit}" for b in medians)
    pitch = 32 if any("\n" in two_lines(bar.label) for bar in medians) else 25
    height = 52 + pitch * slots * len(groups)
    return Panel(title, f"{title}, median: {said}", height, draw, some=page_arms_of(medians))


def draw_group(
    plot: Plot, medians: Sequence[Bar], dots: Sequence[Dot], places: Mapping[int, float]
) -> dict[float, Bar]:
    """The bars of one group by their places; an arm without one leaves its place empty."""
    for bar in medians:
        draw_bar(plot, bar, [dot for dot in dots if dot.arm == bar.arm], places[bar.arm])
    return {places[bar.arm]: bar for bar in medians}


def write_heading(plot: Plot, group: str, medians: Sequence[Bar], top: float) -> None:
    """The name of a group above its bars."""
    tag = Tag(page_arms_of(medians), which="some", row=top)
    plot.add(Words(x=0, y=-top - 0.58, text=group, up="bottom", bold=True, tag=tag))


def draw_bar(plot: Plot, bar: Bar, dots: Sequence[Dot], y: float) -> None:
    """Bar, line and figure of a median, and its trials: one mark where there is one trial."""
    shade, value = colour(bar.arm), bar.median
    said = f"{bar.name}: {'one trial,' if len(dots) == 1 else 'median'} {number(value)} {bar.unit}"
    tag = Tag(tuple(bar.page_arms), said, row=-y)
    end = max([value, *(dot.value for dot in dots)])
    between = (y - HALF, y + HALF)
    plot.add(
        Box(x=(0, value), y=between, colour=shade, alpha=0.3, tag=tag),
        Line(xs=[value] * 2, ys=between, colour=shade, width=2, tag=tag),
        Words(x=end, y=y, text=number(value), shift=(7, 0), tag=tag),
    )
    for own in grouped(dots, lambda dot: tuple(dot.page_arms)):
        draw_dots(plot, bar, own, y, tag if len(dots) == 1 else tag_of(bar, own, y))


def tag_of(bar: Bar, dots: Sequence[Dot], y: float) -> Tag:
    """Of the trials of a bar: one for all of them, as a page has thousands."""
    values = "; ".join(number(dot.value) for dot in sorted(dots, key=lambda dot: dot.value))
    said = f"{bar.name}: trials at {values} {bar.unit}"
    return Tag(tuple(dots[0].page_arms), said, row=-y)


def draw_dots(plot: Plot, bar: Bar, dots: Sequence[Dot], y: float, tag: Tag) -> None:
    sign, shade = marker(bar.arm), colour(bar.arm)
    plot.add(*(Spot(x=d.value, y=y, sign=sign, colour=shade, size=4.5, tag=tag) for d in dots))


def label_rows(plot: Plot, rows: Mapping[float, Bar]) -> None:
    """The label of each arm at its height."""
    plot.y.ticks = [
        Tick(y, two_lines(bar.label), tuple(bar.page_arms), row=-y) for y, bar in rows.items()
    ]


def finish(plot: Plot, medians: Sequence[Bar], dots: Sequence[Dot], unit: str) -> None:
    """From zero, with room for the figure at the end of the longest bar, and few ticks."""
    longest = max([bar.median for bar in medians] + [dot.value for dot in dots])
    plot.x.ends(0, longest * 1.28 or 1.0)
    parts = [part for bar in medians for part in two_lines(bar.label).split("\n")]
    plot.x.few(2 if max(map(len, parts)) > LONG else 4)
    plot.x.label, plot.x.grid, plot.upright = unit, True, False
