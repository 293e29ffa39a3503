"""What ``results`` prints beside the states and medians of the page."""

from harness.report.rows.place import AtPoint
from harness.report.rows.row import row


@row
class SizeOfArm:
    """The experiment behind an arm's figures of a scenario."""

    scenario: str
    arm: int
    experiment_id: str
    day: str
    command: str
    size: str


@row
class ShownTrial(AtPoint):
    """A measuring trial behind the figures. ``calibration_ms``: of the calibration's CPU loop
    before it; None where nothing was run, as for a gap.
    """

    experiment_id: str
    status: str
    remarks: str | None
    calibration_ms: float | None


@row
class LatestVerdict:
    """``later``: arms whose figures, as shown, are of a later experiment."""

    day: str
    command: str
    size: str
    scenario: str
    point: str
    kind: str
    sentence: str
    cross_check: str | None
    later: str | None
