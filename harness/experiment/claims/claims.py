"""Claims as one experiment: sides in bundles, each bundle in blocks of its own."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from harness.cli.claims import PublishedClaim, Side, sides_of
from harness.cli.forecast import Forecast, Planned
from harness.experiment.comparison.comparison import Comparison
from harness.scenario.point import Point
from harness.scenario.scenario import Scenario

USUAL_S = 5400.0
BLOCKS = 7


@dataclass
class Claims(Comparison):
    """Side n is arm n + 1: an arm that has two loads is two of them. ``bundles``: sides that share
    blocks, by number from 0, since claims are about them together.
    """

    sides: Sequence[Side] = ()
    bundles: Sequence[Sequence[int]] = ()

    def place(self, side: int) -> tuple[Scenario, Point]:
        """The scenario and the point of a side. Its trials are blocks."""
        scenario = self.scenarios[self.sides[side].scenario]
        found = {point.label: point for point in scenario.points(self.size)}
        point = found[self.sides[side].point]
        return scenario, replace(point, options={**point.options, "in_blocks": True})

    def planned_side(self, side: int) -> Planned:
        return self.expected[side].planned(*self.place(side))

    def planned_sides(self, bundle: Iterable[int]) -> list[Planned]:
        """Each once."""
        return [self.planned_side(side) for side in bundle]

    def planned_s(self) -> float:
        """How long all of it is expected to take, s."""
        every = [side for bundle in self.bundles for side in bundle]
        return Forecast().expects_s(self.planned_sides(every)) * self.blocks

    def time_for(self, seconds: float) -> bool:
        """Whether so long is left."""
        return time.monotonic() - self.begun + seconds <= (self.max_time_s or USUAL_S)


def bundles_of(claims: Sequence[PublishedClaim]) -> list[list[int]]:
    """Sides by number, those of a claim together; claims that share one are measured together."""
    number = {side: n for n, side in enumerate(sides_of(claims))}
    found: list[set[int]] = []
    for claim in claims:
        own = {number[side] for side in claim.sides}
        met = [bundle for bundle in found if bundle & own]
        place = found.index(met[0]) if met else len(found)
        rest = [bundle for bundle in found if bundle not in met]
        found = [*rest[:place], own.union(*met), *rest[place:]]
    return [sorted(bundle) for bundle in found]
