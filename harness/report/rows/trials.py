"""What came of the trials: states, medians, single values."""

from harness.report.rows.place import AtPoint
from harness.report.rows.row import row


@row
class AtLoad(AtPoint):
    """``load_fraction``: the offered share of the capacity; None for a backlog."""

    load_fraction: float | None


@row
class State(AtLoad):
    """How many trials are ok, and why one is not. ``offered`` and ``capacity`` in tasks/s, None for
    a backlog. ``loads_differ``: from arm to arm.
    """

    trials: int
    ok: int
    invalid: int
    failed: int
    gap: int
    capacity: float | None
    offered: float | None
    reason: str | None
    loads_differ: bool | None


@row
class Median(AtLoad):
    """A metric over the ok trials, with its range."""

    name: str
    unit: str
    trials: int
    median: float
    low: float
    high: float


@row
class TrialValue(AtLoad):
    """A metric of one ok trial, in the unit of its ``Median``."""

    name: str
    value: float


@row
class FloorRatio(AtPoint):
    """How many times the floor's an arm's median is; ``floor_arm``: which arm the floor is."""

    name: str
    ratio: float
    floor_arm: int


@row
class BrokerValue:
    """A metric of one ok trial among those of a framework on several brokers; ``arm`` is its place
    among these frameworks, ``page_arm`` that on the page.
    """

    label: str
    arm: int
    page_arm: int
    scenario: str
    broker: str
    name: str
    unit: str
    value: float
