"""What rows say of the arm that they are of."""

from harness.report.rows.row import row


@row
class OfCell:
    """What tells arms apart."""

    framework: str
    framework_version: str
    variant: str
    python_version: str
    broker: str
    provider: str
    topology_profile: str


@row
class OfArm(OfCell):
    """An arm in an experiment and scenario."""

    experiment_id: str
    scenario: str
