"""Rows of the queries of ``report/sql/flamegraph/``."""

from harness.report.rows.of_cell import OfCell
from harness.report.rows.row import row


@row
class PassRow(OfCell):
    """A profiler pass that left stacks."""

    trial_id: str
    tool: str
    experiment_id: str
    arm_number: int
    scenario: str
    point: str
    size: str
    day: str


@row
class NamedTrial:
    """What a trial of any purpose measured."""

    experiment_id: str
    arm_number: int
    scenario: str
    point: str
    purpose: str
    framework: str
    framework_version: str


@row
class StackShare:
    """A stack with its value (samples or bytes) and share on either side, and the share gained."""

    frames: str
    base: int
    head: int
    base_share: float
    head_share: float
    gained: float


@row
class FunctionShare:
    """A function's own and inclusive share on either side, and what it gained."""

    function: str
    base_self: float
    head_self: float
    gained_self: float
    base_inclusive: float
    head_inclusive: float
    gained_inclusive: float


@row
class FoldedStack:
    """A stack as the profiler left it, outermost frame first."""

    frames: str
    value: int
