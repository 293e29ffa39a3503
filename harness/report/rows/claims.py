"""What was measured of claims."""

from harness.report.rows.row import row


@row
class OfClaim:
    """A metric of a measuring trial; of one that is not ok without one, and with the ``reason``."""

    experiment_id: str
    framework: str
    framework_version: str
    variant: str
    python_version: str
    broker: str
    provider: str
    topology_profile: str
    scenario: str
    point: str
    block: int
    status: str
    reason: str | None
    metric: str | None
    value: float | None
