"""What ``results`` prints beside the states and medians of the page."""

from harness.report.rows.row import row


@row
class Newest:
    """None where nothing was measured."""

    experiment_id: str | None


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
