"""A metric over the versions of a framework."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.cli.numbers import number
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, page_arms_of
from harness.report.charts.plot import EDGE, Line, Plot, Spot, Tag, Words
from harness.report.charts.scale import Tick
from harness.report.rows.grouped import grouped
from harness.report.rows.verdicts import ChangePoint, VersionValue

HEIGHT = 230  # px
VALUES, STEPS = colour(1), colour(2)


@dataclass(frozen=True)
class Version:
    """Its place in the series, from 1; the median of its blocks."""

    place: int
    name: str
    median: float
    page_arms: Sequence[int]


def versions_of(rows: Sequence[VersionValue]) -> list[Version]:
    """In order of their places."""
    return [version_of(own) for own in grouped(rows, lambda row: row.arm)]


def version_of(own: Sequence[VersionValue]) -> Version:
    """The rows of one version; its framework's name stands in the title."""
    name = own[0].name.partition(" ")[2]
    return Version(own[0].arm, name, statistics.median(r.value for r in own), own[0].page_arms)


def over_versions(
    title: str, rows: Sequence[VersionValue], changes: Sequence[ChangePoint]
) -> Panel:
    """A dot a block, a line through the medians, marks at candidate change points."""
    versions, unit = versions_of(rows), rows[0].unit
    top = max(row.value for row in rows) * 1.25

    def draw(plot: Plot) -> None:
        draw_blocks(plot, rows)
        draw_medians(plot, versions, unit)
        plot.y.ends(0, top or 1.0)
        draw_changes(plot, changes, top)
        plot.x.ends(versions[0].place - 0.4, versions[-1].place + 0.6)
        plot.x.ticks = [Tick(one.place, one.name, tuple(one.page_arms)) for one in versions]
        plot.y.few(4)
        plot.y.grid, plot.y.label = True, unit

    said = "; ".join(f"{each.name}: {number(each.median)} {unit}" for each in versions)
    words = f"{title} over versions, median: {said}"
    return Panel(title, words, HEIGHT, draw, some=page_arms_of(rows))


def draw_blocks(plot: Plot, rows: Sequence[VersionValue]) -> None:
    for row in rows:
        said = f"{row.name}, block {row.block}: {number(row.value)} {row.unit}"
        tag = Tag(tuple(row.page_arms), said)
        spot = Spot(x=row.arm, y=row.value, sign=".", colour=VALUES, size=6, alpha=0.35, tag=tag)
        plot.add(spot)


def draw_medians(plot: Plot, versions: Sequence[Version], unit: str) -> None:
    for one, next_ in pairwise(versions):
        xs, ys = [one.place, next_.place], [one.median, next_.median]
        tag = Tag((*one.page_arms, *next_.page_arms))
        plot.add(Line(xs=xs, ys=ys, colour=VALUES, width=1.4, tag=tag))
    for each in versions:
        tag = Tag(tuple(each.page_arms), f"{each.name}: median {number(each.median)} {unit}")
        plot.add(Spot(x=each.place, y=each.median, sign=marker(1), colour=VALUES, tag=tag))


def draw_changes(plot: Plot, changes: Sequence[ChangePoint], top: float) -> None:
    """An upright between two versions, with the factor."""
    for change in changes:
        at, tag = change.before_arm + 0.5, Tag(tuple(change.page_arms))
        ends = [-EDGE, EDGE]
        plot.add(Line(xs=[at] * 2, ys=ends, colour=STEPS, width=1.4, dashed=True, tag=tag))
        said = f" × {change.ratio:.3g}"
        plot.add(Words(x=at, y=top * 0.97, text=said, up="top", tag=tag))
