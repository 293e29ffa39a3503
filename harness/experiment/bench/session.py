"""One bench session: a plan for one cell, carried out trial by trial."""

import time
from math import inf

from harness.cli.console import console
from harness.cli.forecast import Planned
from harness.cli.progress import TrialProgress
from harness.experiment.bench.plan import BenchPlan, Step
from harness.experiment.capacity import CALIBRATOR, OVERLOADER, capacity_of, gentler
from harness.experiment.expected import Expectations
from harness.experiment.order import trial_seed
from harness.experiment.redo import REDO, Redo, disturbances
from harness.experiment.watched import watched
from harness.scenario.catalogue import load_words
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from harness.trial.profilers.tools import PROFILERS
from infrastructure.errors import BenchError


class BenchSession:
    """What is measured, and what came of it so far. ``typed``: the command that it is.
    ``max_time_s``: from now; no trial begins that would end later. None: no end.
    """

    def __init__(
        self,
        setup: Setup,
        plan: BenchPlan,
        typed: str = "",
        redo: Redo | None = None,
        max_time_s: float | None = None,
    ) -> None:
        self.setup = setup
        self.plan = plan
        self.typed = typed
        self.redo = redo or Redo(all_in_all=max(REDO, len(plan.steps()) // 2))
        self.outcomes: list[Outcome] = []
        self.expected = Expectations(setup)
        self.ends = inf if max_time_s is None else time.monotonic() + max_time_s

    @property
    def id(self) -> str:
        return self.setup.experiment.experiment_id

    def left(self) -> list[Step]:
        """The steps of the plan that have no trial yet."""
        done = {
            (o.trial.scenario, o.trial.point, o.trial.block, o.trial.purpose) for o in self.outcomes
        }
        return [
            step
            for step in self.plan.steps()
            if (step.scenario.name, step.point.label, step.block, step.purpose) not in done
        ]

    def planned(self) -> list[Planned]:
        """How long each trial that is left takes, as far as is known."""
        return self.plan.planned(self.expected, self.left())

    def time_for(self, step: Step) -> bool:
        """Whether it would end in time, as far as is known."""
        takes_s = self.expected.planned(*step[:2], step.purpose).guess_s()
        return time.monotonic() + takes_s <= self.ends

    @property
    def seed(self) -> int:
        return self.setup.experiment.seed

    @property
    def measured(self) -> list[Outcome]:
        """Those that figures come from, and not profiles."""
        wanted = {Purpose.MEASURE, Purpose.CALIBRATE}
        return [o for o in self.outcomes if o.trial.purpose in wanted]

    @property
    def answers(self) -> bool:
        """Whether a report has anything of it to show."""
        return any(o.trial.purpose == Purpose.MEASURE for o in self.outcomes)

    def run(self, progress: TrialProgress) -> None:
        """Carry out the steps that are left, as far as there is time; a trial that goes wrong is a
        row, and the next one follows.
        """
        capacity = None
        for step in self.left():
            if not self.time_for(step):
                return
            if step.point.fraction is not None and capacity is None:
                capacity = self.capacity()
            outcome = self.offered(step, capacity, progress)
            if step.purpose is Purpose.CALIBRATE:
                if capacity and (less := gentler(capacity, outcome)):
                    progress.expect([self.expected.planned(*step[:2], step.purpose)])
                    self.offered(step, less, progress)
                capacity = None  # what it said is better

    def offered(self, step: Step, capacity: float | None, progress: TrialProgress) -> Outcome:
        """A step at its share of this capacity, where it has one."""
        return self.sound_trial(step._replace(point=step.point.offered(capacity)), progress)

    def sound_trial(self, step: Step, progress: TrialProgress) -> Outcome:
        """A trial; one that the surroundings broke is run again, and its row stays."""
        load = (step.scenario.name, step.point.label)
        where = f"trial {step.block} of {load_words(load)}"

        def run() -> list[str]:
            outcome = self.trial(step, progress)
            return [] if step.purpose in PROFILERS else disturbances(outcome)

        for flag in self.redo.again(load, where, run):
            self.discard(self.outcomes[-1])
            if not self.time_for(step):
                console.print(f"[yellow]{where} is left for the next piece:[/] {flag}")
                break
            progress.expect([self.expected.planned(*step[:2], step.purpose)])
            console.print(f"[yellow]{where} is run again:[/] {flag}")
        return self.outcomes[-1]

    def discard(self, outcome: Outcome) -> None:
        """Take a trial out of what is measured."""
        outcome.trial.purpose = Purpose.BROKEN
        with open_database(self.setup.database) as connection:
            connection.execute(sql("break_trial"), {"trial": outcome.trial.trial_id})

    def trial(self, step: Step, progress: TrialProgress) -> Outcome:
        position = max((o.trial.position for o in self.outcomes), default=0) + 1
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
        self.expected.learn(outcome)
        return outcome

    def capacity(self) -> float:
        """What this session says the arm can sustain, in tasks/s. Raises BenchError."""
        asked = {CALIBRATOR, OVERLOADER}  # others drain backlogs that are no no-ops
        capacity = capacity_of([o for o in self.measured if o.trial.scenario in asked])
        if capacity is None:
            raise BenchError(
                "no backlog was drained, so there is no capacity to offer shares of: everything "
                "after that was left out; see the reasons above"
            )
        return capacity
