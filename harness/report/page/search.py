"""Lay out: each arm's search for the rate that holds an objective."""

from collections.abc import Sequence

from harness.judge.search import Bracket
from harness.measure.validity import BEHIND
from harness.report.charts.knee import knee
from harness.report.charts.panel import Panel
from harness.report.page.measured import Measured
from harness.report.rows.distributions import SearchTrial
from harness.report.rows.grouped import grouped

SEARCH_CAPTION = (
    "Each dot is a trial: hollow where it missed the objective (dashed), at the upper edge where "
    "overload left no p99. Shaded: the limit lies between these rates."
)


def search_panels(found: Measured) -> list[Panel]:
    """The load-latency curve of each arm's search."""
    return [
        knee(own[0].label, own, held(own)) for own in grouped(found.search, lambda row: row.arm)
    ]


def held(rows: Sequence[SearchTrial]) -> str:
    """The result of an arm's search in words."""
    found = Bracket(rows[0].low, rows[0].high)
    behind = any(row.offered == found.high and BEHIND in str(row.reason) for row in rows)
    return found.in_words(rows[0].slo, behind=behind)
