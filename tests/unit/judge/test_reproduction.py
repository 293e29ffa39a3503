"""The rule by which a claim is reproduced, is not, or cannot be decided."""

import math

import pytest

from harness.cli.claims import Bounds, Region
from harness.judge.reproduction import (
    LEAST_BLOCKS,
    Figure,
    Finding,
    decide,
    figure_of,
    undecided,
)

BOUNDS = Bounds(Region(4, math.inf), (Region(0, 3),))
ON_BOTH_SIDES = Bounds(Region(0.9, 1.2), (Region(0, 0.75), Region(1.5, math.inf)))


@pytest.mark.parametrize(
    ("bounds", "low", "high", "finding"),
    [
        (BOUNDS, 4.5, 6.0, Finding.REPRODUCED),
        (BOUNDS, 4.0, 4.0, Finding.REPRODUCED),
        (BOUNDS, 1.0, 2.9, Finding.NOT_REPRODUCED),
        (BOUNDS, 3.9, 6.0, Finding.UNDECIDABLE),  # reaches out of it
        (BOUNDS, 2.0, 6.0, Finding.UNDECIDABLE),  # reaches from one into the other
        (BOUNDS, 3.2, 3.8, Finding.UNDECIDABLE),  # lies between them
        (ON_BOTH_SIDES, 0.95, 1.1, Finding.REPRODUCED),
        (ON_BOTH_SIDES, 0.2, 0.7, Finding.NOT_REPRODUCED),
        (ON_BOTH_SIDES, 2.0, 3.0, Finding.NOT_REPRODUCED),
        (ON_BOTH_SIDES, 0.7, 2.0, Finding.UNDECIDABLE),
    ],
)
def test_the_whole_interval_has_to_lie_in_a_region(
    bounds: Bounds, low: float, high: float, finding: Finding
) -> None:
    found = Figure(7, math.sqrt(low * high), low, high)
    assert decide(bounds, found) is finding


def test_without_an_interval_nothing_is_decided_and_the_blocks_are_told() -> None:
    assert decide(BOUNDS, Figure(5)) is Finding.UNDECIDABLE
    assert undecided(BOUNDS, Figure(5)) == "5 blocks give no interval, which takes 6"
    assert undecided(BOUNDS, Figure(1)) == "1 block gives no interval, which takes 6"


def test_more_than_was_claimed_is_told_where_nothing_refutes_it() -> None:
    bounds = Bounds(Region(2.5, 3.7), (Region(0, 2),))
    assert "beyond what was claimed" in undecided(bounds, Figure(7, 4.8, 4.5, 5.1))
    assert "beyond" not in undecided(bounds, Figure(7, 3.6, 3.5, 3.9))


def test_a_figure_takes_as_many_blocks_as_an_interval_of_95_percent() -> None:
    assert LEAST_BLOCKS == 6
    assert figure_of([0.1] * 5) == Figure(5)
    found = figure_of([math.log(value) for value in (2.0, 2.1, 1.9, 2.0, 2.05, 1.95, 2.0)])
    assert found.blocks == 7
    assert found.value == pytest.approx(2.0, rel=0.01)
    assert found.low is not None
    assert found.high is not None
    assert 1.9 <= found.low < 2.0 < found.high <= 2.1
