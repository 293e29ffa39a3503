"""A survey: every framework on a broker, interleaved in blocks that a time allows."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from harness.cli.forecast import Forecast, Planned
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.order import trial_seed
from harness.scenario.catalogue import KILLED, load_scenario
from harness.scenario.point import Point
from harness.scenario.scenario import Scenario
from harness.store.vocabulary import Purpose
from harness.trial.plan import Setup, TrialPlan

FLOOR = "raw"  # the framework that is none: the broker's client alone
STAGGER_S = 4.0  # from one arm's start to the next: the start takes most of its CPU
MOST_BLOCKS = 15
USUAL_S = 3600.0


@dataclass
class Survey(Comparison):
    """An experiment without pairs: it describes, and nothing is judged. ``left_out``: arms that
    cannot be measured there, each with its gap. ``blocks``: at most; as many as its time allows.
    """

    left_out: Sequence[Setup] = ()
    longest_block_s: float = field(default=0.0)

    def points(self) -> list[tuple[str, Point]]:
        """Its trials are blocks."""
        found = super().points()
        return [(n, replace(p, options={**p.options, "in_blocks": True})) for n, p in found]

    @property
    def killed(self) -> Scenario:
        """It waits for minutes: all arms at once."""
        return load_scenario(KILLED)

    @property
    def killed_point(self) -> Point:
        (point,) = self.killed.points(self.size)
        return point

    def planned_kill(self) -> Planned:
        """All arms at once."""
        starts_s = STAGGER_S * len(self.setups)
        return Planned(KILLED, lambda: starts_s + self.killed.expected_s(self.killed_point))

    def planned_s(self) -> float:
        """How long all of it is expected to take, s."""
        each = Forecast().expects_s(self.planned_block())
        return each * self.fitting_blocks() + self.planned_kill().guess_s()

    def fitting_blocks(self) -> int:
        """As many as are expected to be measured in its time, one at least."""
        each = Forecast().expects_s(self.planned_block())
        left_s = (self.max_time_s or USUAL_S) - self.planned_kill().guess_s()
        return max(1, min(self.blocks, int(left_s / each)))

    def time_for(self, seconds: float) -> bool:
        """Whether so long is left."""
        return time.monotonic() - self.begun + seconds <= (self.max_time_s or USUAL_S)

    def plan(self, scenario: Scenario, point: Point) -> TrialPlan:
        """The next trial by position, of those that each arm has once."""
        self.position += 1
        number = f"{self.id}-{self.position:04}"
        seed = trial_seed(self.seed, scenario.name, 1, point.label)
        return TrialPlan(number, 1, self.position, scenario, point, Purpose.MEASURE, seed)
