"""What a trial did over time: a row a bin of its load, or a checkpoint of a soak."""

from harness.report.rows.place import AtPoint
from harness.report.rows.row import row


@row
class OfTrial(AtPoint):
    trial_id: str
    status: str


@row
class Bin(OfTrial):
    """``bin``: its number; ``second``: since the load began."""

    bin: int
    second: float


@row
class DepthBin(Bin):
    """``tasks``: waiting and in flight at the broker."""

    tasks: float


@row
class ResourceBin(Bin):
    """``cores`` is None where CPU was not counted; ``pss`` in MiB."""

    role: str
    cores: float | None
    pss: float | None


@row
class CompletionBin(Bin):
    """``rate`` in tasks/s; when the trial's fault was made, and when it was well again."""

    rate: float
    fault_s: float | None
    well_s: float | None


@row
class Checkpoint(OfTrial):
    """What a soak kept after so many minutes."""

    number: int
    name: str
    value: float
    unit: str
