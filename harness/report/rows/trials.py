"""What came of the trials: states, medians, single values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """An arm at a load: how many of its trials are ok, and why one is not. ``offered`` and
    ``capacity`` in tasks/s, None for a backlog. ``loads_differ``: from arm to arm.
    """

    scenario: str
    point: str
    point_number: int
    load_fraction: float | None
    arm: int
    label: str
    trials: int
    ok: int
    invalid: int
    failed: int
    gap: int
    capacity: float | None
    offered: float | None
    reason: str | None
    loads_differ: bool | None


@dataclass(frozen=True)
class Median:
    """A metric over the ok trials of an arm at a load, with its range."""

    scenario: str
    point: str
    point_number: int
    load_fraction: float | None
    arm: int
    label: str
    name: str
    unit: str
    trials: int
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class TrialValue:
    """A metric of one ok trial, in the unit of its ``Median``."""

    scenario: str
    point: str
    load_fraction: float | None
    arm: int
    label: str
    name: str
    value: float


@dataclass(frozen=True)
class FloorRatio:
    """How many times the floor's an arm's median is."""

    scenario: str
    point: str
    arm: int
    label: str
    name: str
    ratio: float


@dataclass(frozen=True)
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
