"""A line a trial over time: over a load in seconds, or over the checkpoints of a soak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.cli.numbers import number
from harness.report.charts.axes import End, label_ends, named
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, arms_of
from harness.report.charts.plot import EDGE, Line, Plot, Spot, Tag
from harness.store.vocabulary import Status

LOAD_HEIGHT, SOAK_HEIGHT = 200, 220  # px


@dataclass(frozen=True)
class TrialLine:
    """One trial; dashed unless its status is ok."""

    arm: int
    label: str
    status: str
    x: Sequence[float]
    y: Sequence[float]

    @property
    def reach(self) -> str:
        """What it reaches and where it ends, in words."""
        return f"up to {number(max(self.y))}, at the end {number(self.y[-1])}"


@dataclass(frozen=True)
class Fault:
    """When a trial's fault was made, and when it was well again, in s since the load began."""

    arm: int
    label: str
    fault_s: float
    well_s: float | None

    @property
    def words(self) -> str:
        fault = f"{self.label}: fault after {number(self.fault_s)} s"
        return fault if self.well_s is None else f"{fault}, well again at {number(self.well_s)} s"


def over_load(title: str, what: str, lines: Sequence[TrialLine], unit: str) -> Panel:
    """``what`` over the seconds of a load."""

    def draw(plot: Plot) -> None:
        draw_lines(plot, lines, marks=3)
        plot.x.ends(0, max(max(line.x) for line in lines) * 1.03 or 1.0)
        plot.y.ends(0, max(max(line.y) for line in lines) * 1.08 or 1.0)
        plot.y.few(4)
        plot.y.grid = True
        named(plot, "seconds since the load began", unit)

    said = f"{what} over time, {title}, {unit}: {reaches(lines)}"
    return Panel(title, said, LOAD_HEIGHT, draw, some=arms_of(lines))


def after_fault(title: str, lines: Sequence[TrialLine], faults: Sequence[Fault]) -> Panel:
    """``over_load`` of the tasks completed a second; upright the moment of each trial's fault, and
    at the upper edge that at which it was well again.
    """
    panel = over_load(title, "Tasks completed", lines, "tasks/s")

    def draw(plot: Plot) -> None:
        panel.draw(plot)
        for fault in faults:
            draw_fault(plot, fault)

    said = "; ".join([panel.words, *(fault.words for fault in faults)])
    return replace(panel, words=said, draw=draw)


def over_checkpoints(title: str, lines: Sequence[TrialLine], unit: str) -> Panel:
    """Over the minutes that a soak has run."""

    def draw(plot: Plot) -> None:
        values = [value for line in lines for value in line.y]
        plot.y.ends(min(0.0, *values), max(values) * 1.15 or 1.0)
        plot.x.ends(0, max(max(line.x) for line in lines) * 1.03)
        plot.x.few(5, whole=True)
        plot.y.few(4)
        plot.y.grid = True
        label_ends(plot, draw_lines(plot, lines, marks=10), SOAK_HEIGHT)
        named(plot, "checkpoint", unit)

    said = f"{title} over the checkpoints of a soak, {unit}: {reaches(lines)}"
    return Panel(title, said, SOAK_HEIGHT, draw, some=arms_of(lines))


def draw_lines(plot: Plot, lines: Sequence[TrialLine], marks: int) -> list[End]:
    """Each with about so many markers; where each ends."""
    for line in lines:
        plot.add(
            Line(
                xs=line.x,
                ys=line.y,
                colour=colour(line.arm),
                width=1.4,
                dashed=line.status != Status.OK,
                sign=marker(line.arm),
                size=3.5,
                every=max(1, len(line.x) // marks),
                tag=Tag((line.arm,), f"{line.label}, {line.status}: {line.reach}"),
            )
        )
    return [End(line.x[-1], line.y[-1], line.arm, line.label) for line in lines]


def draw_fault(plot: Plot, fault: Fault) -> None:
    tag, at, shade = Tag((fault.arm,), fault.words), fault.fault_s, colour(fault.arm)
    plot.add(Line(xs=[at] * 2, ys=[-EDGE, EDGE], colour=INK, width=1, dashed=True, tag=tag))
    if fault.well_s is not None:
        well, sign = fault.well_s, marker(fault.arm)
        plot.add(Spot(x=well, y=1, sign=sign, colour=shade, size=6, of_height=True, tag=tag))


def reaches(lines: Sequence[TrialLine]) -> str:
    return "; ".join(f"{line.label} {line.reach}" for line in lines)
