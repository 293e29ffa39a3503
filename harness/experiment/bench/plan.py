"""What a bench session is to measure, in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from harness.cli.forecast import Planned
from harness.experiment.capacity import CALIBRATOR, OVERLOADER, overload_point
from harness.experiment.expected import Expectations
from harness.experiment.order import in_order
from harness.scenario.catalogue import is_open_loop, load_scenario
from harness.scenario.point import USUAL_RATE, Point, Size
from harness.scenario.scenario import Scenario
from harness.store.vocabulary import Purpose
from harness.trial.cell import Description, Wanted, wanted

OPEN_LOOP = "latency"  # the scenario whose load points a search for a rate takes
SEARCH_LOAD_S = 10.0
SEARCH_TRIALS = 18  # usual: 4 rates outward, 3 halvings, 2 or 3 votes each


class Step(NamedTuple):
    """A trial to be, before its load is known in tasks/s."""

    scenario: Scenario
    point: Point
    block: int
    purpose: Purpose


@dataclass(frozen=True)
class BenchPlan:
    """``trials`` of each load: None for each scenario's own number. ``profilers``: tools that look
    at the loads in passes of their own. ``slo_ms``: of the search for a rate, None for no search.
    """

    scenarios: Mapping[str, Scenario]
    size: Size
    trials: int | None = None
    profilers: Sequence[Purpose] = ()
    slo_ms: float | None = None

    @property
    def searched_ms(self) -> float | None:
        """The objective, where the scenario is measured that a search takes."""
        return self.slo_ms if OPEN_LOOP in self.scenarios else None

    def feasible(self, described: Mapping[Wanted, Description]) -> "BenchPlan":
        """The same without shares of a drain rate, where no backlog can be drained."""
        if not described[wanted(CALIBRATOR, {})].gap:
            return self
        kept = {name: s for name, s in self.scenarios.items() if not is_open_loop(s)}
        return replace(self, scenarios=kept)

    def steps(self) -> list[Step]:
        order = in_order(self.scenarios.values())
        opened = [scenario for scenario in order if is_open_loop(scenario)]
        drained = [scenario for scenario in order if scenario not in opened]
        calibration = self.calibration() if opened else ()
        return [
            *self.measuring(drained),
            *calibration,
            *self.measuring(opened),
            *self.profiling(),
        ]

    def calibration(self) -> Iterator[Step]:
        """A drain, where none is measured anyway, and the open loop that is too much."""
        if CALIBRATOR not in self.scenarios:
            yield Step(load_scenario(CALIBRATOR), Point(self.size), 1, Purpose.CALIBRATE)
        yield Step(load_scenario(OVERLOADER), overload_point(self.size), 1, Purpose.CALIBRATE)

    def measuring(self, scenarios: Iterable[Scenario]) -> Iterator[Step]:
        for scenario in scenarios:
            for block in range(1, (self.trials or scenario.trials[self.size.name]) + 1):
                for point in scenario.points(self.size):
                    yield Step(scenario, point, block, Purpose.MEASURE)

    def profiling(self) -> Iterator[Step]:
        for tool in self.profilers:
            for scenario in in_order(self.scenarios.values()):
                for point in scenario.points(self.size):
                    if point.label in scenario.profiled:
                        yield Step(scenario, point, 1, tool)

    def search_point(self, rate: float, capacity: float) -> Point:
        """The open loop that is asked whether a rate holds the objective."""
        size = replace(self.size, load_s=min(self.size.load_s, SEARCH_LOAD_S))
        return Point(size, rate / capacity, capacity, {"slo_ms": self.slo_ms})

    def planned(self, expected: Expectations, steps: Sequence[Step]) -> list[Planned]:
        """The trials of these steps; those of the search come last."""
        found = [expected.planned(step.scenario, step.point, step.purpose) for step in steps]
        if self.searched_ms:
            one = expected.planned(self.scenarios[OPEN_LOOP], self.any_search(), Purpose.SEARCH)
            found += [one] * SEARCH_TRIALS
        return found

    def usual_s(self) -> float:
        """Seconds that all of it takes an arm of which nothing is known, roughly."""
        points = [(step.scenario, step.point.offered(USUAL_RATE)) for step in self.steps()]
        if self.searched_ms:
            points += [(self.scenarios[OPEN_LOOP], self.any_search())] * SEARCH_TRIALS
        return sum(scenario.expected_s(point) for scenario, point in points)

    def any_search(self) -> Point:
        return self.search_point(USUAL_RATE / 2, USUAL_RATE)
