"""How long an arm's trials will take: as long as they took before, or as its rate lets expect."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from harness.cli.forecast import Planned
from harness.experiment.capacity import CALIBRATOR, rough_rate
from harness.scenario.point import USUAL_RATE, Point
from harness.scenario.scenario import Scenario
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose
from harness.trial.cell import wanted
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup
from harness.trial.profilers.tools import PROFILERS

GAP_S = 0.1  # of a trial that says what cannot be had, and starts nothing


class Kind(NamedTuple):
    """Trials that take about equally long. ``tool``: the profiler's, or "search", or nothing."""

    arm: int
    scenario: str
    point: str
    tool: str
    warmup_s: float


def kind_of(arm: int, scenario: Scenario, point: Point, purpose: Purpose) -> Kind:
    if purpose is Purpose.SEARCH:  # each for another rate
        return Kind(arm, scenario.name, "", purpose, point.size.warmup_s)
    tool = purpose if purpose in PROFILERS else ""
    return Kind(arm, scenario.name, point.label, tool, point.size.warmup_s)


class Stored(NamedTuple):
    """What the database holds of an arm on its broker, of any version of the framework: seconds by
    scenario, point and tool; its rate in tasks/s, None before it was measured.
    """

    seconds: Mapping[tuple[str, str, str], float]
    rate: float | None


@dataclass
class Expectations:
    """Of one arm. ``rate``: tasks/s, once this session has measured it."""

    setup: Setup
    rate: float | None = None
    _drains: list[Outcome] = field(default_factory=list)

    @cached_property
    def stored(self) -> Stored:
        return read_stored(self.setup)

    def planned(
        self, scenario: Scenario, point: Point, purpose: Purpose = Purpose.MEASURE
    ) -> Planned:
        kind = kind_of(self.setup.number, scenario, point, purpose)
        return Planned(kind, lambda: self.guess_s(scenario, point, kind))

    def guess_s(self, scenario: Scenario, point: Point, kind: Kind) -> float:
        if self.setup.descriptions[wanted(scenario.name, point.wants)].gap:
            return GAP_S
        if took := self.stored.seconds.get((kind.scenario, kind.point, kind.tool)):
            return took
        rate = self.rate or self.stored.rate or USUAL_RATE
        point = point if point.capacity else point.offered(rate)
        return scenario.expected_s(replace(point, known_rate=rate))

    @property
    def known(self) -> bool:
        """Whether anything is stored of the arm, or was measured."""
        return bool(self.rate or self.stored.rate)

    def learn(self, outcome: Outcome) -> None:
        """Take note of what a trial says of the arm's rate."""
        if outcome.trial.scenario == CALIBRATOR:
            self._drains.append(outcome)
            self.rate = rough_rate(self._drains) or self.rate
        elif not self.known:  # a drain of other bodies says more than nothing
            self.rate = rough_rate([outcome])


def read_stored(setup: Setup) -> Stored:
    arm = setup.arm
    asked = {
        "framework": arm.framework,
        "broker": arm.broker.label,
        "profile": arm.profile,
        "variant": arm.variation,
        "size": setup.experiment.size,
    }
    with open_database(setup.database) as connection:
        took = connection.execute(sql("took"), asked).fetchall()
        rate = connection.execute(sql("drained"), asked | {"scenario": CALIBRATOR}).fetchone()
    seconds = {(scenario, point, tool): took_s for scenario, point, tool, took_s in took}
    return Stored(seconds, rate[0] if rate else None)
