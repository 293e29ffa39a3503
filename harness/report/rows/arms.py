"""The arms of the page, where their figures come from, and what surrounded them."""

from harness.report.rows.of_cell import OfCell
from harness.report.rows.row import row


@row
class PageArm(OfCell):
    """``arm``: its number on the page. Topology and what follows: None where no trial has it."""

    arm: int
    label: str
    broker_version: str
    topology: str | None
    prefetch: str | None
    acks: str | None
    topology_source: str | None


@row
class Origin:
    """The experiment that is shown of a scenario and arm."""

    scenario: str
    arm: int
    experiment_id: str
    command: str


@row
class ExperimentOfArm:
    experiment_id: str
    created: str
    arm: int
    label: str
    command: str
    size: str
    seed: int
    harness_version: str
    harness_commit: str
    trials: int
    ok: int
    scenarios_shown: str | None
    scenarios_not_shown: str | None


@row
class Totals:
    """How much stands behind the page."""

    arms: int
    experiments: int
    quick_experiments: int
    trials: int
    ok_trials: int
    task_records: int
    selfbench_trials: int


@row
class MachineField:
    name: str
    value: str
    differs: bool


@row
class Difference:
    """A value of an arm where arms differ."""

    name: str
    arm: int
    label: str
    value: str | None


@row
class Condition:
    """What moved during an arm's trials: median and range."""

    arm: int
    label: str
    name: str
    trials: int
    median: float
    low: float
    high: float


@row
class Package:
    arm: int
    label: str
    name: str
    version: str
