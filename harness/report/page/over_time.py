"""Lay out: what is drawn over time, of every scenario that has samples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.report.charts.over_time import (
    Fault,
    TrialLine,
    after_fault,
    over_checkpoints,
    over_load,
)
from harness.report.charts.panel import Panel
from harness.report.page.figures import Figure, point_title
from harness.report.page.measured import Measured
from harness.report.rows.bins import CompletionBin, OfTrial, ResourceBin
from harness.report.rows.grouped import grouped
from infrastructure.processes.role import Role

DEPTH_CAPTION = "Waiting and in flight, one line per trial. Dashed: a trial that is not ok."
TIME_CAPTION = "One line per trial, in at most 40 bins. Dashed: a trial that is not ok."
FAULT_CAPTION = (
    "One line per trial, in bins of half a second or more. Dashed: a trial that is not ok. "
    "Vertical: the moment of the fault, or of the first SIGTERM. Mark at the upper edge: "
    "recovered, by time to recover. "
    "Trials of an older harness, which did not store the moment, have neither."
)
SOAK_CAPTION = "One line per trial, one point per checkpoint. Dashed: a trial that is not ok."
MOST_LOADS = 3  # of a scenario drawn over time: all of thirteen would double the page
CHECKPOINTS = {
    "sojourn_p50": "Sojourn p50",
    "workers_pss": "Memory of the workers (PSS)",
    "workers_descriptors": "Open file descriptors of the workers",
    "broker_keys": "Broker keys",
}


@dataclass(frozen=True)
class Resource:
    """What a role used over time: its title, and where a row has it."""

    title: str
    role: str
    unit: str
    of: Callable[[ResourceBin], float | None]


RESOURCES = (
    Resource("CPU, workers", Role.WORKERS, "cores", lambda row: row.cores),
    Resource("CPU, broker", Role.BROKER, "cores", lambda row: row.cores),
    Resource("Memory (PSS), workers", Role.WORKERS, "MiB", lambda row: row.pss),
)


def lines[T: OfTrial](
    rows: Sequence[T], across: Callable[[T], float], up: Callable[[T], float | None]
) -> list[TrialLine]:
    """A line a trial that has a value."""
    every = (line(own, across, up) for own in grouped(rows, lambda row: row.trial_id))
    return [each for each in every if each.x]


def line[T: OfTrial](
    own: Sequence[T], across: Callable[[T], float], up: Callable[[T], float | None]
) -> TrialLine:
    """Through the rows of a trial that have a value."""
    points = [(across(row), value) for row in own if (value := up(row)) is not None]
    x, y = [x for x, _ in points], [y for _, y in points]
    return TrialLine(own[0].arm, own[0].label, own[0].status, x, y)


def over_time(found: Measured, *, every_depth: bool) -> list[Figure]:
    """Depth, CPU and memory; says how many loads are left out. ``every_depth``: none of depth's."""
    loads = len({row.point for row in (*found.depth, *found.resources)})
    left = f" {loads - MOST_LOADS} more loads are not drawn." if loads > MOST_LOADS else ""
    return [
        Figure(
            "Tasks at the broker",
            DEPTH_CAPTION + ("" if every_depth else left),
            depth_panels(found, None if every_depth else MOST_LOADS),
            f"{found.name}-depth",
            ["depth"],
        ),
        Figure(
            "CPU and memory over time",
            TIME_CAPTION + left,
            resource_panels(found),
            f"{found.name}-over",
            ["resources"],
        ),
    ]


def depth_panels(found: Measured, most: int | None) -> list[Panel]:
    return [
        over_load(
            point_title(own[0].point),
            "Tasks at the broker",
            lines(own, lambda row: row.second, lambda row: row.tasks),
            "tasks",
        )
        for own in grouped(found.depth, lambda row: row.point)[:most]
    ]


def resource_panels(found: Measured) -> list[Panel]:
    """CPU and memory of the first loads."""
    return [
        over_load(f"{each.title}: {point_title(own[0].point)}", each.title, drawn, each.unit)
        for own in grouped(found.resources, lambda row: row.point)[:MOST_LOADS]
        for each in RESOURCES
        if (drawn := resource_lines(own, each))
    ]


def resource_lines(rows: Sequence[ResourceBin], what: Resource) -> list[TrialLine]:
    of_role = [row for row in rows if row.role == what.role]
    return lines(of_role, lambda row: row.second, what.of)


def completion_panels(found: Measured) -> list[Panel]:
    """Of scenarios in which a fault is made."""
    return [
        after_fault(
            point_title(own[0].point),
            lines(own, lambda row: row.second, lambda row: row.rate),
            faults(own),
        )
        for own in grouped(found.completions, lambda row: row.point)
    ]


def faults(rows: Sequence[CompletionBin]) -> list[Fault]:
    """One a trial that says when its fault was made."""
    trials = {row.trial_id: row for row in rows}.values()
    return [
        Fault(row.arm, row.label, row.fault_s, row.well_s)
        for row in trials
        if row.fault_s is not None
    ]


def checkpoint_panels(found: Measured) -> list[Panel]:
    """Of soaks, over the minutes that they have run."""
    own = {name: [row for row in found.checkpoints if row.name == name] for name in CHECKPOINTS}
    return [
        over_checkpoints(
            CHECKPOINTS[name],
            lines(rows, lambda row: row.number, lambda row: row.value),
            rows[0].unit,
        )
        for name, rows in own.items()
        if rows
    ]
