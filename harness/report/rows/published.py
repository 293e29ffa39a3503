"""What documents say of published results."""

from collections.abc import Mapping, Sequence
from datetime import date

from harness.report.rows.place import OfMetric
from harness.report.rows.row import row


@row
class OnGround:
    """What an experiment was measured on; None where no trial says."""

    experiment_id: str
    day: date
    cpu_model: str | None
    cores: str | None
    pythons: Sequence[str]
    servers: Sequence[str]
    command: str
    options: str
    seed: int
    commit: str


@row
class SeriesRun:
    """A series; ``candidates``: steps that show; ``fresh``: experiments that looked again at them;
    ``left_out``: version and why of each release that could not be measured.
    """

    experiment_id: str
    framework: str
    since: str | None
    candidates: int
    fresh: Sequence[str]
    left_out: Sequence[Mapping[str, str]]


@row
class NoStep(OfMetric):
    """A verdict on two releases in a row that found no step; no ratio where it is void."""

    baseline: str
    candidate: str
    ratio: float | None
    low: float | None
    high: float | None


@row
class InRelease:
    """A package in the cell of a release."""

    experiment_id: str
    framework_version: str
    name: str
    version: str
