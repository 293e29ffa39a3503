"""Lines over the offered load, or over another metric."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from harness.report.charts.axes import End, few_ticks, label_ends, log_x, log_y, plain_grid
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, arms_of, mark
from harness.report.numbers import number

HEIGHT = 250  # px
OFFERED = "offered load, tasks/s"


@dataclass(frozen=True)
class Placed:
    """A point of an arm; ``at`` is its place on the axis across."""

    arm: int
    label: str
    point: str
    at: float


@dataclass(frozen=True)
class PlacedMedian(Placed):
    """The median over the ok trials of a point, and their range."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class PlacedTrial(Placed):
    value: float


@dataclass(frozen=True)
class Scales:
    """What the axes are of; a log one has it said."""

    unit: str
    over: str = OFFERED
    log_x: bool = True
    log_y: bool = True


def by_load(
    title: str,
    medians: Sequence[PlacedMedian],
    trials: Sequence[PlacedTrial],
    void: Sequence[Placed],
    scales: Scales,
) -> Panel:
    """A line an arm through its medians; ``void`` are the loads without a valid trial."""
    arms = arms_of([*medians, *void])

    def draw(axes: Axes) -> None:
        scale(axes, medians, void, scales)
        for arm in arms:
            draw_medians(axes, arm, [row for row in medians if row.arm == arm])
            draw_trials(axes, [row for row in trials if row.arm == arm], scales.unit)
            draw_void(axes, [row for row in void if row.arm == arm])
        label_ends(axes, ends(medians), HEIGHT)
        axes.set_xlabel(named(scales.over, log=scales.log_x))
        axes.set_ylabel(named(scales.unit, log=scales.log_y))
        plain_grid(axes, "both")

    said = "; ".join(f"{m.label} at {m.point}: {number(m.median)} {scales.unit}" for m in medians)
    return Panel(title, f"{title} by {scales.over}, median: {said}", HEIGHT, draw, some=arms)


def scale(
    axes: Axes, medians: Sequence[PlacedMedian], void: Sequence[Placed], scales: Scales
) -> None:
    places = [row.at for row in (*medians, *void)]
    if scales.log_x:
        log_x(axes, places)
    else:
        axes.set_xlim(0, max(places) * 1.1 or 1.0)
        few_ticks(axes.xaxis, 5)
    values = [value for row in medians for value in (row.low, row.high)]
    if scales.log_y:
        log_y(axes, values)
    else:
        axes.set_ylim(0, max(values) * 1.15 or 1.0)
        few_ticks(axes.yaxis, 5)


def draw_medians(axes: Axes, arm: int, medians: Sequence[PlacedMedian]) -> None:
    """A line, and at each of its points the range over trials."""
    shade = colour(arm)
    line = axes.plot(
        [row.at for row in medians], [row.median for row in medians], color=shade, linewidth=1.6
    )
    mark(line, [arm])
    for row in medians:
        mark(axes.plot([row.at] * 2, [row.low, row.high], color=shade, linewidth=1), [arm])


def draw_trials(axes: Axes, trials: Sequence[PlacedTrial], unit: str) -> None:
    for trial in trials:
        dot = axes.plot(
            trial.at,
            trial.value,
            marker(trial.arm),
            color=colour(trial.arm),
            markersize=5,
            clip_on=False,
        )
        point = f", {trial.point}" if trial.point else ""
        mark(dot, [trial.arm], f"{trial.label}{point}: a trial, {number(trial.value)} {unit}")


def draw_void(axes: Axes, void: Sequence[Placed]) -> None:
    """Crosses at the lower edge."""
    for row in void:
        cross = axes.plot(
            row.at,
            0.05,
            "x",
            color=colour(row.arm),
            markersize=7,
            markeredgewidth=1.6,
            transform=axes.get_xaxis_transform(),
        )
        mark(cross, [row.arm], f"{row.label}, {row.point}: no valid trial")


def ends(medians: Sequence[PlacedMedian]) -> list[End]:
    """Where the line of each arm ends."""
    last = {row.arm: row for row in medians}
    return [End(row.at, row.median, row.arm, row.label) for row in last.values()]


def named(what: str, *, log: bool) -> str:
    return f"{what} (log)" if log else what
