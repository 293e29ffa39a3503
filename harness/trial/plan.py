"""A trial as it is planned, what the trials of one arm share, and who looks at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness.cli.progress import TrialProgress
from harness.machine import environment
from harness.measure.sampler import Sampler
from harness.scenario.point import Point
from harness.scenario.scenario import Scenario
from harness.store.rows import ExperimentRow
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm, Description, Wanted, wanted


@dataclass(frozen=True)
class TrialPlan:
    """A trial to be: its place in the experiment, its load, its purpose."""

    trial_id: str
    block: int
    position: int
    scenario: Scenario
    point: Point
    purpose: Purpose
    seed: int


class Watch:
    """Nobody looks. Subclasses are told from the session's thread, one trial at a time."""

    def begin(self, setup: "Setup", plan: TrialPlan, progress: TrialProgress) -> None:
        """A trial begins; ``progress`` knows how far the session is."""

    @contextmanager
    def following(
        self, _setup: "Setup", _plan: TrialPlan, _records: Path, _sampler: Sampler
    ) -> Iterator[None]:
        """As long as it has processes: entered when the broker is there, left when its workers and
        producers are gone and everything in ``_records`` is written.
        """
        yield

    def end(self, status: Status) -> None:
        """The trial is stored, with this status."""


UNWATCHED = Watch()


@dataclass
class Setup:
    """What the trials of one arm share. ``fitted``: the backlog that fits it, as ``Run`` has it.
    ``fetched``: a session elsewhere takes its trials out of the spool, and stores them.
    """

    database: Path
    experiment: ExperimentRow
    arm: Arm
    descriptions: dict[Wanted, Description]  # a profile may tune for a scenario
    profiles: Path
    number: int = 1  # of the arm in its experiment
    machine: dict[str, str] = field(default_factory=environment.machine)
    watch: Watch = UNWATCHED
    fitted: dict[int, int] = field(default_factory=dict)
    fetched: bool = False

    def description(self, plan: TrialPlan) -> Description:
        return self.descriptions[wanted(plan.scenario.name, plan.point.wants)]
