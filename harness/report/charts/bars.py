"""Horizontal bars at medians with a dot a trial over them, alone or in groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from harness.report.charts.axes import few_ticks, plain_grid, two_lines
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import TEXT, Panel, mark, page_arms_of
from harness.report.numbers import number

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

    def draw(axes: Axes) -> None:
        for row, bar in enumerate(medians):
            draw_bar(axes, bar, [dot for dot in dots if dot.arm == bar.arm], -float(row))
        label_rows(axes, {-float(row): bar for row, bar in enumerate(medians)})
        finish(axes, medians, dots, unit)
        axes.set_ylim(-len(medians) + 0.4, 0.6)

    said = ", ".join(f"{bar.label} {number(bar.median)} {unit}" for bar in medians)
    height = 56 + 36 * len(medians)
    return Panel(title, f"{title}, median: {said}", height, draw, some=page_arms_of(medians))


def grouped_bars(title: str, medians: Sequence[Bar], dots: Sequence[Dot], unit: str) -> Panel:
    """``bars`` for every group, in order of appearance."""
    groups = list(dict.fromkeys(bar.group for bar in medians))
    arms = {bar.arm: bar for bar in medians}
    slots = len(arms) + 1

    def draw(axes: Axes) -> None:
        rows: dict[float, Bar] = {}
        for index, group in enumerate(groups):
            top = index * slots
            places = {arm: -float(top + row) for row, arm in enumerate(arms, 1)}
            own = [bar for bar in medians if bar.group == group]
            rows |= draw_group(axes, own, [dot for dot in dots if dot.group == group], places)
            write_heading(axes, group, own, top)
            rows |= {place: arms[arm] for arm, place in places.items() if place not in rows}
        label_rows(axes, dict(sorted(rows.items(), reverse=True)))
        finish(axes, medians, dots, unit)
        axes.set_ylim(-len(groups) * slots + 0.4, 0.0)

    said = "; ".join(f"{b.label} {b.group} {number(b.median)} {unit}" for b in medians)
    pitch = 32 if any("\n" in two_lines(bar.label) for bar in medians) else 25
    height = 52 + pitch * slots * len(groups)
    return Panel(title, f"{title}, median: {said}", height, draw, some=page_arms_of(medians))


def draw_group(
    axes: Axes, medians: Sequence[Bar], dots: Sequence[Dot], places: Mapping[int, float]
) -> dict[float, Bar]:
    """The bars of one group by their places; an arm without one leaves its place empty."""
    for bar in medians:
        draw_bar(axes, bar, [dot for dot in dots if dot.arm == bar.arm], places[bar.arm])
    return {places[bar.arm]: bar for bar in medians}


def write_heading(axes: Axes, group: str, medians: Sequence[Bar], top: float) -> None:
    """The name of a group above its bars."""
    heading = axes.text(0, -top - 0.58, group, va="bottom", fontweight="bold", fontsize=TEXT)
    mark([heading], page_arms_of(medians), which="some", row=top)


def draw_bar(axes: Axes, bar: Bar, dots: Sequence[Dot], y: float) -> None:
    """Bar, line and figure of a median, and its trials: one mark where there is one trial."""
    shade = colour(bar.arm)
    # as line and figure (zorder): what is drawn in turn can be one group
    drawn = axes.barh(y, bar.median, height=2 * HALF, color=shade, alpha=0.3, linewidth=0, zorder=2)
    line = axes.plot([bar.median] * 2, [y - HALF, y + HALF], color=shade, linewidth=2)
    end = max([bar.median, *(dot.value for dot in dots)])
    figure = axes.annotate(
        number(bar.median),
        (end, y),
        xytext=(7, 0),
        textcoords="offset points",
        va="center",
        zorder=2,
    )
    median, trial = ("one trial,",) * 2 if len(dots) == 1 else ("median", "a trial,")
    said = f"{bar.name}: {median} {number(bar.median)} {bar.unit}"
    mark([*drawn, *line, figure], bar.page_arms, said, row=-y)
    for dot in dots:
        made = axes.plot(dot.value, y, marker(bar.arm), color=shade, markersize=4.5)
        said = f"{bar.name}: {trial} {number(dot.value)} {bar.unit}"
        mark(made, dot.page_arms, said, row=-y)


def label_rows(axes: Axes, rows: Mapping[float, Bar]) -> None:
    """The label of each arm at its height."""
    axes.set_yticks(list(rows), [two_lines(bar.label) for bar in rows.values()])
    for text, (y, bar) in zip(axes.get_yticklabels(), rows.items(), strict=True):
        mark([text], bar.page_arms, row=-y)


def finish(axes: Axes, medians: Sequence[Bar], dots: Sequence[Dot], unit: str) -> None:
    """From zero, with room for the figure at the end of the longest bar, and few ticks."""
    longest = max([bar.median for bar in medians] + [dot.value for dot in dots])
    axes.set_xlim(0, longest * 1.28 or 1.0)
    parts = [part for bar in medians for part in two_lines(bar.label).split("\n")]
    few_ticks(axes.xaxis, 2 if max(map(len, parts)) > LONG else 4)
    axes.set_xlabel(unit)
    plain_grid(axes, "x")
    axes.spines["left"].set_visible(False)
