"""Rows of the queries of ``report/sql/flamegraph/``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PassRow:
    """A profiler pass that left stacks."""

    trial_id: str
    tool: str
    experiment_id: str
    arm_number: int
    scenario: str
    point: str
    framework: str
    framework_version: str
    variant: str
    python_version: str
    broker: str
    topology_profile: str
    size: str
    day: str


@dataclass(frozen=True)
class NamedTrial:
    """What a trial of any purpose measured."""

    experiment_id: str
    arm_number: int
    scenario: str
    point: str
    purpose: str
    framework: str
    framework_version: str


@dataclass(frozen=True)
class StackShare:
    """A stack with its value (samples or bytes) and share on either side, and the share gained."""

    frames: str
    base: int
    head: int
    base_share: float
    head_share: float
    gained: float


@dataclass(frozen=True)
class FunctionShare:
    """A function's own and inclusive share on either side, and what it gained."""

    function: str
    base_self: float
    head_self: float
    gained_self: float
    base_inclusive: float
    head_inclusive: float
    gained_inclusive: float


@dataclass(frozen=True)
class FoldedStack:
    """A stack as the profiler left it, outermost frame first."""

    frames: str
    value: int
