"""Demand and capacity: definitions, majorities, and luck that is not believed."""

from harness.judge.demand import Capacity, Demand, Held, capacities, demands, words

# Two workers are what 200 tasks/s take; nothing that was tried holds 800.
TABLE = [
    Held(workers, rate, held=workers * 110 >= rate)
    for workers in (1, 2, 4)
    for rate in (100.0, 200.0, 400.0, 800.0)
]


def test_demand_is_the_fewest_workers_and_capacity_the_highest_load() -> None:
    assert demands(TABLE) == [
        Demand(100, 1),
        Demand(200, 2),
        Demand(400, 4),
        Demand(800, None),
    ]
    assert capacities(TABLE) == [Capacity(1, 100), Capacity(2, 200), Capacity(4, 400)]
    assert words(TABLE) == (
        "demand in workers: 100 tasks/s take 1, 200 tasks/s take 2, 400 tasks/s take 4, "
        "800 tasks/s more than were tried; capacity in tasks/s: 1 hold 100, 2 hold 200, 4 hold 400"
    )


def test_one_lucky_trial_beyond_is_not_believed() -> None:
    trials = [Held(1, 100, held=True), Held(1, 200, held=False), Held(1, 400, held=True)]
    assert capacities(trials) == [Capacity(1, 100)]
    trials = [Held(1, 100, held=True), Held(2, 100, held=False), Held(4, 100, held=True)]
    assert demands(trials) == [Demand(100, 4)]


def test_most_trials_decide_and_a_tie_does_not_hold() -> None:
    for votes, holds in (((1, 1, 0), True), ((1, 0), False), ((0, 1, 0), False)):
        trials = [Held(1, 100, held=bool(vote)) for vote in votes]
        assert capacities(trials) == [Capacity(1, 100 if holds else None)]
