"""Who leads, who cannot be told apart, and what is said of it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from harness.report.answer.facts import Facts
from harness.report.answer.questions import questions
from harness.report.answer.ranking import Ranking, Tie, rankings
from harness.report.answer.sentences import behind, said, times
from tests.unit.report.answer.made import facts, verdict


def only(found: list[Ranking]) -> Ranking:
    [ranking] = found
    return ranking


def order(ranking: Ranking) -> list[str]:
    return [each.label for each in ranking.estimates]


def test_the_best_is_first_in_the_metrics_own_direction() -> None:
    trials = {"ant": [10.0], "bee": [30.0], "cat": [20.0]}
    assert order(only(rankings(facts(trials)))) == ["bee", "cat", "ant"]
    cost = facts(trials, metric="workers_cpu_per_task")
    assert order(only(rankings(cost))) == ["ant", "cat", "bee"]


def test_arms_whose_intervals_overlap_are_bracketed() -> None:
    trials = {"ant": [9.0, 10.0, 11.0], "bee": [10.5, 11.5, 12.5], "cat": [12.0, 13.0, 14.0]}
    found = only(rankings(facts({**trials, "dog": [1.0, 2.0, 3.0]})))
    assert order(found) == ["cat", "bee", "ant", "dog"]
    assert found.ties == [Tie(0, 1), Tie(1, 2)]  # cat and ant differ, bee may be either
    assert [each.label for each in found.leaders] == ["cat", "bee"]


def test_brackets_of_many_arms_take_few_columns() -> None:
    trials = {f"arm {n}": [n - 0.6, n, n + 0.6] for n in range(20, 0, -1)}
    found = only(rankings(facts(trials)))
    assert len(found.ties) == 19  # each with its neighbour
    assert len(found.lanes) == 3
    assert [found.brackets(place) for place in range(4)] == [
        ["first", "", ""],
        ["last", "first", ""],
        ["", "last", "first"],
        ["first", "", "last"],
    ]


def test_a_verdict_decides_before_any_overlap() -> None:
    near = {"ant": [9.0, 10.0, 11.0], "bee": [10.0, 11.0, 12.0]}
    apart = {"ant": [1.0, 1.1, 1.2], "bee": [10.0, 11.0, 12.0]}
    assert only(rankings(facts(near, verdict(1, 2, "faster", 1.1)))).ties == []
    assert only(rankings(facts(apart, verdict(2, 1, "inconclusive", 0.1)))).ties == [Tie(0, 1)]


def test_what_is_established_says_its_interval() -> None:
    found = only(rankings(facts({"ant": [10.0], "bee": [48.0]}, verdict(1, 2, "faster", 4.8))))
    told = said(found)
    assert told.sentence == "bee drains 4.8× as many tasks/s as ant"
    assert told.how == "established: 95 % interval 4.3× to 5.3×, 10 blocks"
    assert told.sure


def test_a_ratio_of_pinned_workers_says_so_as_its_verdict_was_measured() -> None:
    """The figures beside it may be of a later experiment."""
    values, pinned = {"ant": [10.0], "bee": [48.0]}, verdict(1, 2, "faster", 4.8, pinned=True)
    told = said(only(rankings(facts(values, pinned))))
    assert told.how == "established: 95 % interval 4.3× to 5.3×, 10 blocks; workers pinned to cores"
    later = with_pins(facts(values, verdict(1, 2, "faster", 4.8)), {1: 2, 2: 2})
    assert said(only(rankings(later))).how == "established: 95 % interval 4.3× to 5.3×, 10 blocks"


def test_without_a_verdict_the_trials_say_whose_workers_were_pinned() -> None:
    found = facts({"ant": [10.0], "bee": [30.0]})
    told = said(only(rankings(with_pins(found, {1: 2, 2: 2}))))
    assert told.how == "not tested: 1 trial against 1 trial; workers pinned to cores"
    told = said(only(rankings(with_pins(found, {1: 0, 2: 2}))))  # too few cores for ant
    assert told.how == "not tested: 1 trial against 1 trial; only workers of bee pinned to cores"
    sent = facts({"ant": [10.0]}, metric="enqueue_rate", scenario="big_backlog")
    assert "pinned" not in said(only(rankings(with_pins(sent, {1: 2})))).how


def with_pins(found: Facts, pinned: Mapping[int, float]) -> Facts:
    """With the processes of each arm that had a core of their own."""
    more = []
    for one in found.medians:
        value = pinned[one.arm]
        more.append(replace(one, name="workers_pinned", median=value, low=value, high=value))
    return replace(found, medians=[*found.medians, *more])


def test_an_interval_is_of_what_the_sentence_says() -> None:
    cpu = "workers_cpu_per_task"
    about = verdict(1, 2, "slower", 4.0, metric=cpu)
    told = said(only(rankings(facts({"ant": [10.0], "bee": [40.0]}, about, metric=cpu))))
    assert told.sentence == "ant takes 75 % less CPU per task than bee"
    assert told.how == "established: 95 % interval 72 to 77 %, 10 blocks"


@pytest.mark.parametrize("ratio", [0.25, 4.0])
def test_the_ratio_is_told_from_the_better_arm(ratio: float) -> None:
    """Whichever of the two was the baseline."""
    values = {"ant": [40.0], "bee": [10.0]} if ratio < 1 else {"ant": [10.0], "bee": [40.0]}
    kind = "slower" if ratio < 1 else "faster"
    told = said(only(rankings(facts(values, verdict(1, 2, kind, ratio)))))
    assert "4.0×" in told.sentence
    assert "3.6× to 4.4×" in told.how


def test_what_was_not_tested_says_so() -> None:
    told = said(only(rankings(facts({"ant": [10.0], "bee": [30.0, 31.0, 32.0]}))))
    assert told.sentence == "bee drains 3.1× as many tasks/s as ant"
    assert told.how == "not tested: 3 trials against 1 trial"
    assert not told.sure


def test_leaders_that_cannot_be_told_apart_are_named_together() -> None:
    trials = {"ant": [9.0, 10.0, 11.0], "bee": [10.0, 11.0, 12.0], "cat": [1.0, 1.0, 1.0]}
    told = said(only(rankings(facts(trials))))
    assert told.sentence == "Throughput: bee and ant cannot be told apart"
    assert not told.sure


def test_equivalent_is_sure() -> None:
    trials = {"ant": [9.0, 10.0, 11.0], "bee": [10.0, 11.0, 12.0]}
    told = said(only(rankings(facts(trials, verdict(1, 2, "equivalent", 1.01)))))
    assert told.how == "no difference that matters, 10 blocks"
    assert told.sure


def test_latencies_at_different_rates_are_not_compared() -> None:
    asked = {"metric": "sojourn_p99", "scenario": "latency"}
    trials = {"ant": [10.0], "bee": [30.0]}
    unequal = only(rankings(facts(trials, offered={"ant": 100.0, "bee": 300.0}, **asked)))
    assert not unequal.equal
    assert "not comparable" in said(unequal).sentence
    equal = only(rankings(facts(trials, offered={"ant": 100.0, "bee": 100.0}, **asked)))
    assert said(equal).sentence.startswith("ant has the lower p99 at 100 tasks/s: 10.0")


def test_the_invalid_is_named_with_its_reason_once() -> None:
    found = only(rankings(facts({"ant": [10.0], "bee": [], "cat": []})))
    [void] = found.voids
    assert (void.labels, void.why, void.reason) == (["bee", "cat"], "invalid", "lost 3 tasks")


def test_a_scenario_of_its_own_asks_its_first_primary_metric() -> None:
    found = facts({"ant": [1.0], "bee": [2.0]}, metric="time_to_first_task", scenario="cold_start")
    [question] = questions(found)
    assert question.title == "Cold start: time to first task"
    assert said(only(rankings(found))).sentence.startswith("ant is faster than bee")


def test_nothing_valid_has_no_ranking() -> None:
    assert rankings(facts({"ant": []})) == []


@pytest.mark.parametrize(
    ("ratio", "words"), [(1.04, "1.04×"), (2.9, "2.9×"), (17.2, "17×"), (float("inf"), "∞×")]
)
def test_factors_have_two_digits(ratio: float, words: str) -> None:
    assert times(ratio) == words


def test_a_void_comparison_is_not_called_a_tie() -> None:
    apart = {"ant": [1.0, 1.1, 1.2], "bee": [10.0, 11.0, 12.0]}
    told = said(only(rankings(facts(apart, verdict(1, 2, "invalid")))))
    assert told.sentence == "Throughput: no verdict on bee and ant"
    assert told.how == "the comparison is void: its verdict says why"
    assert not told.sure


def test_equal_figures_are_once_each_other() -> None:
    """Zero too, which is no ratio."""
    found = only(rankings(facts({"ant": [0.0], "bee": [0.0]}, metric="workers_pss_peak")))
    assert [behind(found, one) for one in found.estimates] == ["", "1.00×"]
