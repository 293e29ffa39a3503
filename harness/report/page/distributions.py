"""Lay out: distributions of latency and of lateness, with what stands below them."""

from collections.abc import Callable
from dataclasses import replace

from harness.cli.numbers import number
from harness.report.charts.distribution import LATENCY, LATENESS, Spread, distribution
from harness.report.charts.panel import Panel
from harness.report.page.figures import point_title
from harness.report.page.measured import Measured
from harness.report.rows.grouped import grouped

LATENCY_CAPTION = (
    "Quantiles are taken within each trial. The line is their median over trials, the band their "
    "range. A curve ends where fewer than 10 tasks lie beyond."
)
LATENESS_CAPTION = (
    "Quantiles are taken within each valid trial. The line is their median over trials, the band "
    "their range. A curve ends where fewer than 10 starts lie beyond, and runs along the lower "
    "edge where starts were early."
)


def latency_panels(found: Measured) -> list[Panel]:
    """A panel a load, with what was offered."""
    return panels(found, LATENCY, offered_in_words)


def lateness_panels(found: Measured) -> list[Panel]:
    """Of scenarios whose tasks are due at a time."""
    return panels(found, LATENESS, early_in_words) if found.early else []


def panels(found: Measured, what: Spread, said: Callable[[Measured, str], str]) -> list[Panel]:
    """A panel a point; ``said`` are words to stand below it."""
    return [
        replace(
            distribution(point_title(own[0].point), own, found.distribution, what),
            note=f"{said(found, own[0].point)}{without_curve(found, own[0].point)}",
        )
        for own in grouped(found.distribution, lambda row: row.point)
    ]


def offered_in_words(found: Measured, point: str) -> str:
    states = [state for state in found.states if state.point == point]
    offered = [state.offered for state in states if state.offered is not None]
    if len(offered) > 1 and len(set(offered)) == 1:
        return f"Offered to all: {number(offered[0])} tasks/s."
    loads = [f"{s.label} {number(s.offered)} tasks/s" for s in states if s.offered is not None]
    return f"Offered: {', '.join(loads)}."


def without_curve(found: Measured, point: str) -> str:
    """The arms that have no curve in the panel of a point."""
    gone = [state.label for state in found.states if state.point == point and not state.ok]
    return f" No valid trial, so no curve: {', '.join(gone)}." if gone else ""


def without_panel(found: Measured) -> str:
    """What to say of points without a panel; they may be those that started early."""
    drawn = {row.point for row in found.distribution}
    points = dict.fromkeys(row.point for row in found.early if row.point not in drawn)
    return "".join(
        f" {point_title(point)} has no valid trial with enough starts, so no curve. "
        f"{early_in_words(found, point)}"
        for point in points
    )


def early_in_words(found: Measured, point: str) -> str:
    """Starts before their time, in all trials: a log axis has no place for them."""
    early = [
        f"{row.label} {row.early:,} of {row.starts:,} starts, by up to {number(row.most_ms)} ms"
        for row in found.early
        if row.point == point and row.early
    ]
    return f"Early: {'; '.join(early)}." if early else "No start was early."
