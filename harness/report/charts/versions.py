"""A metric over the versions of a framework."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes

from harness.report.charts.axes import DASHES, few_ticks, plain_grid
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, mark, page_arms_of
from harness.report.numbers import number
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

    def draw(axes: Axes) -> None:
        draw_blocks(axes, rows)
        draw_medians(axes, versions, unit)
        draw_changes(axes, changes, top)
        axes.set_ylim(0, top)
        axes.set_xlim(versions[0].place - 0.4, versions[-1].place + 0.6)
        label_versions(axes, versions)
        few_ticks(axes.yaxis, 4)
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    said = "; ".join(f"{each.name}: {number(each.median)} {unit}" for each in versions)
    words = f"{title} over versions, median: {said}"
    return Panel(title, words, HEIGHT, draw, some=page_arms_of(rows))


def draw_blocks(axes: Axes, rows: Sequence[VersionValue]) -> None:
    for row in rows:
        dot = axes.plot(row.arm, row.value, ".", color=VALUES, alpha=0.35, markersize=6)
        said = f"{row.name}, block {row.block}: {number(row.value)} {row.unit}"
        mark(dot, row.page_arms, said)


def draw_medians(axes: Axes, versions: Sequence[Version], unit: str) -> None:
    for one, next_ in pairwise(versions):
        line = axes.plot(
            [one.place, next_.place], [one.median, next_.median], color=VALUES, linewidth=1.4
        )
        mark(line, [*one.page_arms, *next_.page_arms])
    for each in versions:
        dot = axes.plot(each.place, each.median, marker(1), color=VALUES, markersize=5)
        mark(dot, each.page_arms, f"{each.name}: median {number(each.median)} {unit}")


def draw_changes(axes: Axes, changes: Sequence[ChangePoint], top: float) -> None:
    """An upright between two versions, with the factor."""
    for change in changes:
        at = change.before_arm + 0.5
        step = axes.axvline(at, color=STEPS, linewidth=1.4, linestyle=DASHES)
        text = axes.text(at, top * 0.97, f" × {change.ratio:.3g}", va="top", ha="left")
        mark([step, text], change.page_arms)


def label_versions(axes: Axes, versions: Sequence[Version]) -> None:
    axes.set_xticks([each.place for each in versions], [each.name for each in versions])
    for label, each in zip(axes.get_xticklabels(), versions, strict=True):
        mark([label], each.page_arms)
