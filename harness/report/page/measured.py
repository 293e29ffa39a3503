"""What was measured of one scenario: its share of the selection, and the ways to look it up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from harness.report.charts.panel import OfArm
from harness.report.page.select import Selection
from harness.report.rows.bins import Checkpoint, CompletionBin, DepthBin, ResourceBin
from harness.report.rows.distributions import Early, Quantile, SearchTrial
from harness.report.rows.place import AtPoint
from harness.report.rows.trials import AtLoad, FloorRatio, Median, State, TrialValue


class OfScenario(Protocol):
    @property
    def scenario(self) -> str: ...


@dataclass(frozen=True)
class Measured:
    """Rows of the queries of the same name; ``name`` is the scenario."""

    name: str
    states: list[State]
    medians: list[Median]
    values: list[TrialValue]
    distribution: list[Quantile]
    early: list[Early]
    completions: list[CompletionBin]
    depth: list[DepthBin]
    resources: list[ResourceBin]
    checkpoints: list[Checkpoint]
    search: list[SearchTrial]
    floor: list[FloorRatio]

    @cached_property
    def units(self) -> dict[str, str]:
        """Of every metric that some arm has."""
        return {median.name: median.unit for median in self.medians}

    @cached_property
    def offered(self) -> dict[tuple[str, int], float | None]:
        """The load of each point and arm, in tasks/s."""
        return {(state.point, state.arm): state.offered for state in self.states}

    @cached_property
    def found(self) -> dict[tuple[str, int, str], Median]:
        return {(m.point, m.arm, m.name): m for m in self.medians}

    def median(self, row: AtPoint, name: str) -> float | None:
        """Another metric's median at the row's point and arm."""
        found = self.found.get((row.point, row.arm, name))
        return None if found is None else found.median

    def of_arms(self, arms: Collection[int]) -> "Measured":
        """The same of these arms only."""

        def own[T: OfArm](rows: Iterable[T]) -> list[T]:
            return [row for row in rows if row.arm in arms]

        return Measured(
            self.name,
            own(self.states),
            own(self.medians),
            own(self.values),
            own(self.distribution),
            own(self.early),
            own(self.completions),
            own(self.depth),
            own(self.resources),
            own(self.checkpoints),
            own(self.search),
            own(self.floor),
        )

    def medians_of(self, name: str) -> list[Median]:
        return [median for median in self.medians if median.name == name]

    def values_of(self, name: str) -> list[TrialValue]:
        return [value for value in self.values if value.name == name]


def measured(found: Selection, scenario: str) -> Measured:
    """The rows of one scenario."""

    def own[T: OfScenario](rows: Iterable[T]) -> list[T]:
        return [row for row in rows if row.scenario == scenario]

    return Measured(
        scenario,
        own(found.states),
        own(found.metrics),
        own(found.points),
        own(found.distribution),
        own(found.early),
        own(found.completions),
        own(found.depth),
        own(found.resources),
        own(found.checkpoints),
        own(found.search),
        own(found.floor),
    )


def closed[T: AtLoad](rows: Iterable[T]) -> list[T]:
    """Rows of backlogs."""
    return [row for row in rows if row.load_fraction is None]


def opened[T: AtLoad](rows: Iterable[T]) -> list[T]:
    """Rows of open loops."""
    return [row for row in rows if row.load_fraction is not None]
