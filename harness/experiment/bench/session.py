"""One bench session: a plan for one cell, carried out trial by trial."""

from harness.cli.progress import TrialProgress
from harness.experiment.bench.plan import BenchPlan, Step
from harness.experiment.capacity import capacity_of
from harness.experiment.order import trial_seed
from harness.experiment.watched import watched
from harness.store.vocabulary import Purpose
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from infrastructure.errors import BenchError


class Session:
    """What is measured, and what came of it so far."""

    def __init__(self, setup: Setup, plan: BenchPlan) -> None:
        self.setup = setup
        self.plan = plan
        self.outcomes: list[Outcome] = []

    @property
    def id(self) -> str:
        return str(self.setup.experiment["experiment_id"])

    @property
    def expected_s(self) -> list[float]:
        """How long each trial takes, roughly."""
        return self.plan.expected_s(self.setup.descriptions)

    @property
    def seed(self) -> int:
        return int(self.setup.experiment["seed"])

    @property
    def measured(self) -> list[Outcome]:
        """Those that figures come from, and not profiles."""
        wanted = {Purpose.MEASURE, Purpose.CALIBRATE}
        return [o for o in self.outcomes if o.trial.purpose in wanted]

    def run(self, progress: TrialProgress) -> None:
        """Carry out every step; a trial that goes wrong is a row, and the next one follows."""
        capacity = None
        for step in self.plan.steps():
            if step.point.fraction is not None and capacity is None:
                capacity = self.capacity()
            self.trial(step._replace(point=step.point.offered(capacity)), progress)
            if step.purpose is Purpose.CALIBRATE:
                capacity = None  # what it said is better

    def trial(self, step: Step, progress: TrialProgress) -> Outcome:
        position = len(self.outcomes) + 1
        plan = TrialPlan(
            f"{self.id}-{position:03}",
            step.block,
            position,
            step.scenario,
            step.point,
            step.purpose,
            trial_seed(self.seed, step.scenario.name, step.block, step.point.label),
        )
        outcome = watched(self.setup, plan, progress)
        self.outcomes.append(outcome)
        return outcome

    def capacity(self) -> float:
        """What this session says the arm can sustain, in tasks/s. Raises BenchError."""
        capacity = capacity_of(self.measured)
        if capacity is None:
            raise BenchError(
                "no backlog was drained, so there is no capacity to offer shares of: everything "
                "after that was left out; see the reasons above"
            )
        return capacity
