"""What a site lists, and the history of its arms and machines."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.report.rows.of_cell import OfArm
from harness.report.rows.row import row


@row
class SiteExperiment:
    """An experiment with measuring trials; verdicts and machine in words, None where unknown."""

    experiment_id: str
    created: str
    command: str
    size: str
    arms: Sequence[str]
    scenarios: Sequence[str]
    trials: int
    ok: int
    verdicts: str | None
    machine: str | None
    seed: int
    commit: str
    options: str


@row
class SiteTrial(OfArm):
    """A trial of any purpose; ``figures``: name, value and unit of its main metrics. What its
    workers were asked to be is None where it never came to that.
    """

    point: str
    trial_id: str
    block: int
    purpose: str
    status: str
    reason: str | None
    remarks: str | None
    started: str
    duration_s: float | None
    broker_version: str | None
    topology: str | None
    prefetch: int | None
    acks: str | None
    figures: Sequence[Mapping[str, Any]]


@row
class ProfileFiles:
    """The files of a profiler pass, a JSON list of paths beside the database."""

    files: str


@row
class Machine:
    """``machine``: lines of name=value of what tells it from others."""

    machine_number: int
    machine: str
    experiments: int
    trials: int
    first_day: str
    last_day: str


@row
class Stood:
    """Of one experiment, the ``place``-th of its machine: median and range over its trials."""

    machine_number: int
    place: int
    day: str
    experiment_id: str
    trials: int
    median: float
    low: float
    high: float


@row
class HistoryPoint(Stood):
    """A primary metric of an arm."""

    scenario: str
    point: str
    metric: str
    unit: str
    arm: int
    label: str
    size: str
    conditions: str


@row
class Calibration(Stood):
    """The calibration kernel over all trials."""

    name: str
