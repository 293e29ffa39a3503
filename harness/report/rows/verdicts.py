"""What interleaved experiments say, and the values behind it."""

from collections.abc import Sequence

from harness.report.rows.place import OfMetric
from harness.report.rows.row import row


@row
class OfPair(OfMetric):
    """What it says of two arms."""

    baseline: str
    candidate: str


@row
class PageVerdict(OfPair):
    """``at_…``: places on the axis of a forest plot, in percent of its width; ``axis_…``: the
    ratios at its ends. Ratio, interval and their places are None where the verdict is invalid.
    """

    day: str
    size: str
    factor: str
    kind: str
    ratio: float | None
    sentence: str
    page_arms: Sequence[int]
    at_ratio: float | None
    at_low: float | None
    at_high: float | None
    at_margin_low: float
    at_margin_high: float
    axis_low: float
    axis_high: float


@row
class VerdictOnArm(OfMetric):
    """A verdict whose candidate is an arm of the page."""

    arm: int
    baseline: str
    kind: str
    size: str


@row
class BlockValue(OfPair):
    """A value behind a verdict; ``arm``: 1 the baseline's, 2 the candidate's."""

    page_arms: Sequence[int]
    block: int
    arm: int
    value: float
    unit: str


@row
class VersionValue(OfMetric):
    """A value of a version series in a block; ``arm``: the version's place, from 1."""

    arm: int
    name: str
    page_arms: Sequence[int]
    block: int
    value: float
    unit: str


@row
class ChangePoint(OfMetric):
    """A candidate, between the version ``before_arm`` and the next."""

    before_arm: int
    ratio: float
    sentence: str
    page_arms: Sequence[int]


@row
class ProfiledVerdict(OfPair):
    """A verdict whose two arms have passes under py-spy: their trials, ``base`` and ``head``."""

    kind: str
    base: str
    head: str


@row
class Noise:
    """How noisy an experiment was; the machine's part in percent."""

    experiment_id: str
    blocks: int
    again: int
    not_ok: int
    reasons: str | None
    spreads: str | None
    foreign_cpu: float | None
    steal: float | None
    cpu_moved: float | None
    trip_moved: float | None
