"""Lines over the offered load, or over another metric."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.charts.axes import End, label_ends, named
from harness.report.charts.palette import colour, marker
from harness.report.charts.panel import Panel, arms_of
from harness.report.charts.plot import Line, Plot, Spot, Tag

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

    def draw(plot: Plot) -> None:
        scale(plot, medians, void, scales)
        for arm in arms:
            draw_medians(plot, arm, [row for row in medians if row.arm == arm])
            draw_trials(plot, [row for row in trials if row.arm == arm], scales.unit)
            draw_void(plot, [row for row in void if row.arm == arm])
        label_ends(plot, ends(medians), HEIGHT)
        across = said_of(scales.over, log=scales.log_x)
        named(plot, across, said_of(scales.unit, log=scales.log_y))

    said = "; ".join(f"{m.label} at {m.point}: {number(m.median)} {scales.unit}" for m in medians)
    return Panel(title, f"{title} by {scales.over}, median: {said}", HEIGHT, draw, some=arms)


def scale(
    plot: Plot, medians: Sequence[PlacedMedian], void: Sequence[Placed], scales: Scales
) -> None:
    plot.x.grid = plot.y.grid = True
    places = [row.at for row in (*medians, *void)]
    if scales.log_x:
        plot.x.log_of(places, "x")
    else:
        plot.x.ends(0, max(places) * 1.1 or 1.0)
    values = [value for row in medians for value in (row.low, row.high)]
    if scales.log_y:
        plot.y.log_of(values, "y")
    else:
        plot.y.ends(0, max(values) * 1.15 or 1.0)


def draw_medians(plot: Plot, arm: int, medians: Sequence[PlacedMedian]) -> None:
    """A line, and at each of its points the range over trials."""
    shade, tag = colour(arm), Tag((arm,))
    xs, ys = [row.at for row in medians], [row.median for row in medians]
    plot.add(Line(xs=xs, ys=ys, colour=shade, width=1.6, tag=tag))
    for row in medians:
        plot.add(Line(xs=[row.at] * 2, ys=[row.low, row.high], colour=shade, width=1, tag=tag))


def draw_trials(plot: Plot, trials: Sequence[PlacedTrial], unit: str) -> None:
    for trial in trials:
        point = f", {trial.point}" if trial.point else ""
        said = f"{trial.label}{point}: a trial, {number(trial.value)} {unit}"
        sign, shade, tag = marker(trial.arm), colour(trial.arm), Tag((trial.arm,), said)
        plot.add(Spot(x=trial.at, y=trial.value, sign=sign, colour=shade, tag=tag))


def draw_void(plot: Plot, void: Sequence[Placed]) -> None:
    """Crosses at the lower edge."""
    for row in void:
        tag = Tag((row.arm,), f"{row.label}, {row.point}: no valid trial")
        shade = colour(row.arm)
        plot.add(Spot(x=row.at, y=0.05, sign="x", colour=shade, size=7, of_height=True, tag=tag))


def ends(medians: Sequence[PlacedMedian]) -> list[End]:
    """Where the line of each arm ends."""
    last = {row.arm: row for row in medians}
    return [End(row.at, row.median, row.arm, row.label) for row in last.values()]


def said_of(what: str, *, log: bool) -> str:
    return f"{what} (log)" if log else what
