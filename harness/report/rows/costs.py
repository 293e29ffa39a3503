"""What prices are put on."""

from harness.report.rows.place import AtPoint
from harness.report.rows.row import row


@row
class Amounts(AtPoint):
    """Of one ok trial: CPU seconds by role, GiB hours of memory, and requests to SQS, None where
    nobody is paid by request. ``of``: what they are of, a million tasks or a month idle.
    ``without_broker``: its processes are not ours to see.
    """

    of: str
    workers_s: float
    producer_s: float
    broker_s: float
    gib_hours: float
    requests: float | None
    without_broker: bool
