"""When a comparison ends early: on what it could have seen, never on a result."""

import numpy as np

from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.comparison.run import run
from harness.experiment.comparison.stopping import narrow_enough
from harness.judge.claims import Kind
from harness.scenario.catalogue import load_scenario
from tests.conftest import Query
from tests.unit.experiment.comparison.made import Maker, Played, only_verdict, store_blocks


def test_narrow_intervals_end_it_and_nothing_else_does(make: Maker, query: Query) -> None:
    noise = iter(np.random.default_rng(2).normal(1, 0.002, 1000).tolist())
    comparison = make(lambda *_: Played(100 * next(noise)), blocks=30)
    run(comparison)
    assert query("SELECT count(DISTINCT block) FROM trial") == [(10,)]
    assert only_verdict(comparison).kind == Kind.EQUIVALENT


def ends_at(comparison: Comparison, least: int, begun: int) -> None:
    """Quiet blocks: with one fewer than ``least`` it goes on, though ``begun`` were; with so many
    it ends.
    """
    noise = np.random.default_rng(4)

    def quiet(*_: object) -> float:
        return float(noise.normal(100, 0.1))

    store_blocks(comparison, range(1, least), quiet)
    assert not narrow_enough(comparison, begun)
    store_blocks(comparison, [least], quiet)
    assert narrow_enough(comparison, least)


def test_it_goes_on_until_something_could_be_found_among_its_claims(make: Maker) -> None:
    """36 claims take 11 blocks, however narrow their intervals are after 10."""
    comparison = make.comparison([load_scenario("throughput"), load_scenario("latency")], 15, 4)
    assert (comparison.claims, comparison.least_blocks) == (36, 11)
    ends_at(comparison, 11, begun=10)


def test_one_after_the_other_ten_blocks_with_both_arms_are_wanted(make: Maker) -> None:
    """A block in which an arm gave no value counts for nothing, however many were begun."""
    ends_at(make(lambda *_: Played(1.0), blocks=15), 10, begun=10)


def test_in_turns_eight_blocks_are_wanted(make: Maker) -> None:
    comparison = make(lambda *_: Played(1.0), blocks=15)
    comparison.paces = {load: Pace(0.25, 0.02, [1.0, 1.0]) for load in comparison.loads()}
    assert comparison.least_blocks < 7
    ends_at(comparison, 8, begun=7)
