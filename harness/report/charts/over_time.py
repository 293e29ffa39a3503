"""A line a trial over time: over a load in seconds, or over the checkpoints of a soak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from harness.report.charts.axes import (
    DASHES,
    End,
    few_ticks,
    label_ends,
    plain_grid,
    whole_ticks,
)
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, arms_of, mark
from harness.report.numbers import number
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

    def draw(axes: Axes) -> None:
        draw_lines(axes, lines, marks=3)
        axes.set_xlim(0, max(max(line.x) for line in lines) * 1.03 or 1.0)
        axes.set_ylim(0, max(max(line.y) for line in lines) * 1.08 or 1.0)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        few_ticks(axes.yaxis, 4)
        axes.set_xlabel("seconds since the load began")
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    said = f"{what} over time, {title}, {unit}: {reaches(lines)}"
    return Panel(title, said, LOAD_HEIGHT, draw, some=arms_of(lines))


def after_fault(title: str, lines: Sequence[TrialLine], faults: Sequence[Fault]) -> Panel:
    """``over_load`` of the tasks completed a second; upright the moment of each trial's fault, and
    at the upper edge that at which it was well again.
    """
    panel = over_load(title, "Tasks completed", lines, "tasks/s")

    def draw(axes: Axes) -> None:
        panel.draw(axes)
        for fault in faults:
            draw_fault(axes, fault)

    said = "; ".join([panel.words, *(fault.words for fault in faults)])
    return replace(panel, words=said, draw=draw)


def over_checkpoints(title: str, lines: Sequence[TrialLine], unit: str) -> Panel:
    """Over the minutes that a soak has run."""

    def draw(axes: Axes) -> None:
        values = [value for line in lines for value in line.y]
        axes.set_ylim(min(0.0, *values), max(values) * 1.15 or 1.0)
        axes.set_xlim(0, max(max(line.x) for line in lines) * 1.03)
        ends = draw_lines(axes, lines, marks=10)
        whole_ticks(axes.xaxis, 5)
        few_ticks(axes.yaxis, 4)
        label_ends(axes, ends, SOAK_HEIGHT)
        axes.set_xlabel("checkpoint")
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    said = f"{title} over the checkpoints of a soak, {unit}: {reaches(lines)}"
    return Panel(title, said, SOAK_HEIGHT, draw, some=arms_of(lines))


def draw_lines(axes: Axes, lines: Sequence[TrialLine], marks: int) -> list[End]:
    """Each with about so many markers; where each ends."""
    for line in lines:
        made = axes.plot(
            line.x,
            line.y,
            color=colour(line.arm),
            linewidth=1.4,
            linestyle="-" if line.status == Status.OK else DASHES,
            marker=marker(line.arm),
            markersize=3.5,
            markevery=max(1, len(line.x) // marks),
        )
        mark(made, [line.arm], f"{line.label}, {line.status}: {line.reach}")
    return [End(line.x[-1], line.y[-1], line.arm, line.label) for line in lines]


def draw_fault(axes: Axes, fault: Fault) -> None:
    upright = axes.axvline(fault.fault_s, color=INK, linewidth=1, linestyle=DASHES)
    mark([upright], [fault.arm], fault.words)
    if fault.well_s is not None:
        well = axes.plot(
            fault.well_s,
            1,
            marker(fault.arm),
            color=colour(fault.arm),
            markersize=6,
            clip_on=False,
            transform=axes.get_xaxis_transform(),
        )
        mark(well, [fault.arm], fault.words)


def reaches(lines: Sequence[TrialLine]) -> str:
    return "; ".join(f"{line.label} {line.reach}" for line in lines)
