"""What profiler passes saw."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A worker that a pass looked at; ``files`` is a JSON list of paths beside the database."""

    arm: int
    label: str
    trial_id: str
    scenario: str
    point: str
    tool: str
    status: str
    reason: str | None
    pid: int | None
    samples: int | None
    peak_mib: float | None
    files: str | None


@dataclass(frozen=True)
class HotFunction:
    scenario: str
    point: str
    arm: int
    label: str
    function: str
    samples: int
    share: float


@dataclass(frozen=True)
class Allocation:
    """A place, and what it had allocated at the peak."""

    scenario: str
    point: str
    arm: int
    label: str
    function: str
    file: str
    line: int
    mib: float
    allocations: int


@dataclass(frozen=True)
class ProfiledVerdict:
    """A verdict whose two arms have passes under py-spy: their trials, ``base`` and ``head``."""

    experiment_id: str
    scenario: str
    point: str
    metric: str
    baseline: str
    candidate: str
    kind: str
    base: str
    head: str
