"""Lay out: what a figure is, before it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.charts.panel import Panel

DOTS = "Each dot is a trial. Bar and figure are the median of the valid trials."
LINES = (
    "Each dot is a trial. The line joins medians, a vertical line is the range over trials; "
    "× is a load without a valid trial."
)
TRIALS = ("metrics", "points")  # the queries that most figures are drawn from


@dataclass(frozen=True)
class Figure:
    """Panels under a title. ``name`` keeps the ids of its drawings apart from others of the page;
    ``picture`` names the files beside the page that show the same.
    """

    title: str
    caption: str
    panels: Sequence[Panel]
    name: str
    queries: Sequence[str] = TRIALS
    picture: str | None = None


def point_title(point: str) -> str:
    return point.capitalize() or "Backlog"
