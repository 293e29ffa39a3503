"""What interleaved experiments say, and the values behind it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """``at_…``: places on the axis of a forest plot, in percent of its width; ``axis_…``: the
    ratios at its ends. Ratio, interval and their places are None where the verdict is invalid.
    """

    experiment_id: str
    day: str
    size: str
    factor: str
    scenario: str
    point: str
    metric: str
    baseline: str
    candidate: str
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


@dataclass(frozen=True)
class VerdictOnArm:
    """A verdict whose candidate is an arm of the page."""

    arm: int
    experiment_id: str
    scenario: str
    point: str
    metric: str
    baseline: str
    kind: str
    size: str


@dataclass(frozen=True)
class BlockValue:
    """A value behind a verdict; ``arm``: 1 the baseline's, 2 the candidate's."""

    experiment_id: str
    scenario: str
    point: str
    metric: str
    baseline: str
    candidate: str
    page_arms: Sequence[int]
    block: int
    arm: int
    value: float
    unit: str


@dataclass(frozen=True)
class VersionValue:
    """A value of a version series in a block; ``arm``: the version's place, from 1."""

    experiment_id: str
    scenario: str
    point: str
    metric: str
    arm: int
    name: str
    page_arms: Sequence[int]
    block: int
    value: float
    unit: str


@dataclass(frozen=True)
class ChangePoint:
    """A candidate, between the version ``before_arm`` and the next."""

    experiment_id: str
    scenario: str
    point: str
    metric: str
    before_arm: int
    ratio: float
    sentence: str
    page_arms: Sequence[int]


@dataclass(frozen=True)
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
