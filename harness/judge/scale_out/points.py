"""The points of ``network_delay`` that a simulation starts from, found by what they are."""

from functools import cache

from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK, ROUND_TRIP

SCENARIO = "network_delay"


@cache
def beside(*, one_slot: bool = False) -> str:
    """The name of the point next to the broker: with the profile's workers, or with a single one
    that has one task at a time.
    """
    wanted = {"processes": 1} if one_slot else {}
    (found,) = (
        point.label
        for point in load_scenario(SCENARIO).points(QUICK)
        if point.options.get(ROUND_TRIP) == 0 and point.wants == wanted
    )
    return found
