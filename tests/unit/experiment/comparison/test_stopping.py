"""When a comparison ends early: on what it could have seen, never on a result."""

import numpy as np

from harness.experiment.comparison.comparison import Pace
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


def test_it_goes_on_until_something_could_be_found_among_its_claims(make: Maker) -> None:
    """36 claims take 11 blocks, however narrow their intervals are after 10."""
    noise = np.random.default_rng(3)
    scenarios = [load_scenario("throughput"), load_scenario("latency")]
    comparison = make.comparison(scenarios, 15, 4)
    assert (comparison.claims, comparison.least_blocks) == (36, 11)
    store_blocks(comparison, range(1, 11), lambda *_: float(noise.normal(100, 0.1)))
    assert not narrow_enough(comparison, 10)
    store_blocks(comparison, [11], lambda *_: float(noise.normal(100, 0.1)))
    assert narrow_enough(comparison, 11)


def test_one_after_the_other_ten_blocks_with_both_arms_are_wanted(make: Maker) -> None:
    """A block in which an arm gave no value counts for nothing, however many were begun."""
    comparison = make(lambda *_: Played(1.0), blocks=15)
    noise = np.random.default_rng(4)
    store_blocks(comparison, range(1, 10), lambda *_: float(noise.normal(100, 0.1)))
    assert not narrow_enough(comparison, 10)
    store_blocks(comparison, [10], lambda *_: float(noise.normal(100, 0.1)))
    assert narrow_enough(comparison, 10)


def test_in_turns_eight_blocks_are_wanted(make: Maker) -> None:
    comparison = make(lambda *_: Played(1.0), blocks=15)
    comparison.paces = {load: Pace(0.25, 0.02, [1.0, 1.0]) for load in comparison.loads()}
    noise = np.random.default_rng(4)
    store_blocks(comparison, range(1, 8), lambda *_: float(noise.normal(100, 0.1)))
    assert comparison.least_blocks < 7
    assert not narrow_enough(comparison, 7)
    store_blocks(comparison, [8], lambda *_: float(noise.normal(100, 0.1)))
    assert narrow_enough(comparison, 8)
