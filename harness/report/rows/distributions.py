"""Distributions of latency and lateness, and the trials of a search for a rate."""

from harness.report.rows.place import AtPoint
from harness.report.rows.row import row


@row
class Quantile(AtPoint):
    """What (ms) all but a share of tasks or starts, ``slower``, do not exceed; median and range
    are over trials.
    """

    slower: float
    trials: int
    median: float
    low: float
    high: float


@row
class Early(AtPoint):
    """Starts before their time; ``most_ms``: by how much, at the most."""

    early: int
    starts: int
    most_ms: float


@row
class SearchTrial:
    """A trial at ``offered`` tasks/s, and the bracket that its arm's search found. ``p99`` (ms) is
    None where overload left none.
    """

    arm: int
    label: str
    scenario: str
    reason: str | None
    offered: float
    p99: float | None
    slo: float
    passed: float | None
    low: float | None
    high: float | None
