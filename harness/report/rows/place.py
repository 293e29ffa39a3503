"""Where a row belongs."""

from harness.report.rows.row import row


@row
class AtPoint:
    """An arm at a load or setting of a scenario, the ``point_number``-th."""

    scenario: str
    point: str
    point_number: int
    arm: int
    label: str


@row
class OfMetric:
    """What an experiment says of a metric at a load."""

    experiment_id: str
    scenario: str
    point: str
    metric: str
