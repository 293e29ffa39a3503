"""Primary metrics stand with their scenario: direction, margin and words."""

import pytest

from harness.scenario.catalogue import load_scenario, load_scenarios
from harness.scenario.primary import CHEAPER, FASTER, Better
from harness.scenario.scenario import Scenario

SCENARIOS = list(load_scenarios().values())
by_name = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)


@by_name
def test_margins_and_words_are_those_of_the_method(scenario: Scenario) -> None:
    for metric in scenario.primary:
        cpu = "cpu" in metric.name
        assert metric.margin == (0.03 if cpu else 0.05)
        assert metric.words == (CHEAPER if cpu else FASTER)


@by_name
def test_a_grid_is_of_a_metric_whose_better_direction_is_known(scenario: Scenario) -> None:
    assert {c.metric for c in scenario.charts if c.grid} <= set(scenario.primary_names)


def test_a_metric_means_the_same_wherever_it_is_primary() -> None:
    every = [metric for scenario in SCENARIOS for metric in scenario.primary]
    assert len(set(every)) == len({metric.name for metric in every})


def test_a_primary_metric_is_found_by_its_name() -> None:
    found = load_scenario("throughput").primary_named("enqueue_rate")
    assert found.better is Better.HIGHER
    with pytest.raises(KeyError):
        load_scenario("throughput").primary_named("sojourn_p50")
