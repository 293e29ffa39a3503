"""What was measured of claims."""

from harness.report.rows.of_cell import OfArm
from harness.report.rows.row import row


@row
class OfClaim(OfArm):
    """A metric of a measuring trial; of one that is not ok without one, and with the ``reason``."""

    point: str
    block: int
    status: str
    reason: str | None
    metric: str | None
    value: float | None
