"""What was measured of one scenario: its share of the selection, and the ways to look it up."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from harness.report.page.select import OfLoads, Selection
from harness.report.rows.place import AtPoint
from harness.report.rows.trials import AtLoad, Median, TrialValue


@dataclass(frozen=True)
class Measured(OfLoads):
    """The rows of one scenario, which is the ``name``."""

    name: str

    @cached_property
    def units(self) -> dict[str, str]:
        """Of every metric that some arm has."""
        return {median.name: median.unit for median in self.metrics}

    @cached_property
    def offered(self) -> dict[tuple[str, int], float | None]:
        """The load of each point and arm, in tasks/s."""
        return {(state.point, state.arm): state.offered for state in self.states}

    @cached_property
    def found(self) -> dict[tuple[str, int, str], Median]:
        return {(m.point, m.arm, m.name): m for m in self.metrics}

    def median(self, row: AtPoint, name: str) -> float | None:
        """Another metric's median at the row's point and arm."""
        found = self.found.get((row.point, row.arm, name))
        return None if found is None else found.median

    def of_arms(self, arms: Collection[int]) -> "Measured":
        """The same of these arms only."""
        return Measured(name=self.name, **kept(self, lambda row: row.arm in arms))

    def medians_of(self, name: str) -> list[Median]:
        return [median for median in self.metrics if median.name == name]

    def values_of(self, name: str) -> list[TrialValue]:
        return [value for value in self.points if value.name == name]


def measured(found: Selection, scenario: str) -> Measured:
    """The rows of one scenario."""
    return Measured(name=scenario, **kept(found, lambda row: row.scenario == scenario))


def kept(rows: OfLoads, wanted: Callable[[Any], bool]) -> dict[str, Any]:
    """The rows of each query that are wanted, as fields."""
    return {each.name: [*filter(wanted, getattr(rows, each.name))] for each in fields(OfLoads)}


def closed[T: AtLoad](rows: Iterable[T]) -> list[T]:
    """Rows of backlogs."""
    return [row for row in rows if row.load_fraction is None]


def opened[T: AtLoad](rows: Iterable[T]) -> list[T]:
    """Rows of open loops."""
    return [row for row in rows if row.load_fraction is not None]
