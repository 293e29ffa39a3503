"""What profiler passes saw."""

from harness.report.rows.place import AtPoint
from harness.report.rows.row import row


@row
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


@row
class HotFunction(AtPoint):
    function: str
    samples: int
    share: float


@row
class Allocation(AtPoint):
    """A place, and what it had allocated at the peak."""

    function: str
    file: str
    line: int
    mib: float
    allocations: int
