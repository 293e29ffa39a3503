"""When arms work at once, and what the plan says of it. The machines are made up."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.progress import TrialProgress
from harness.experiment.comparison import sets as under_test
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.comparison.duet import conductor_of, plans_of
from harness.experiment.comparison.pace import find_paces, pace_for
from harness.experiment.comparison.sets import core_sets, in_words, needs
from harness.scenario.catalogue import load_scenario
from harness.scenario.seats import PINNED
from harness.store.vocabulary import Purpose, Status
from harness.trial.duet import Conductor
from harness.trial.outcome import Outcome
from harness.trial.swaps import Swapping
from tasks.spec import Topology
from tests.unit.experiment.comparison.made import Maker, Played

LOAD = ("throughput", "")
TWO = (frozenset({0, 1, 2, 3}), frozenset({4, 5, 6, 7}))


def comparison_on(
    make: Maker, monkeypatch: pytest.MonkeyPatch, cores: int, processes: Sequence[int] = (1, 2)
) -> Comparison:
    """Of arms with so many worker processes, on a machine of so many cores."""
    found = make(lambda *_: Played(1.0), arms=len(processes))
    found.turns = True
    for setup, number in zip(found.setups, processes, strict=True):
        described: Any = SimpleNamespace(
            gap="", packages={}, topology=Topology(number, 10, 0, "late")
        )
        setup.descriptions = dict.fromkeys(setup.descriptions, described)
    every = [frozenset({n}) for n in range(cores)]
    monkeypatch.setattr(under_test, "cores", lambda: every)
    monkeypatch.setattr(under_test, "quota_cores", lambda: float("inf"))
    found.sets = core_sets(found)
    return found


def test_on_more_cores_than_both_need_they_work_at_once_and_the_plan_says_so(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = comparison_on(make, monkeypatch, cores=9)
    assert needs(comparison) == 4  # two worker processes, their parent, the broker
    assert tuple(comparison.sets) == TWO
    assert in_words(comparison) == (
        "the arms work at once, on cores 0-3 and 4-7, which they swap several times a second"
    )


def test_on_fewer_they_take_turns_and_the_plan_says_what_it_would_take(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = comparison_on(make, monkeypatch, cores=8)
    assert tuple(comparison.sets) == ()
    assert "each on 4 cores of its own, would take 9" in in_words(comparison)
    assert "here are 8" in in_words(comparison)


def test_arms_that_do_not_meet_share_no_cores(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison = comparison_on(make, monkeypatch, cores=64)
    comparison.turns = False
    assert core_sets(comparison) == ()
    assert in_words(comparison) == ""


def test_a_block_at_once_takes_less_time(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (comparison_on(make, monkeypatch, cores) for cores in (8, 9))
    assert few.turns_s(LOAD) - many.turns_s(LOAD) == pytest.approx(2 * few.measured_s)


def test_sets_make_the_conductor_and_are_part_of_the_work(make: Maker) -> None:
    comparison = make(lambda *_: Played(1.0))
    at_once, turns = Pace(0.25, 0.02, [9.0, 9.0], TWO), Pace(0.25, 0.02, [9.0, 9.0])
    assert isinstance(conductor_of(at_once, 2, 7), Swapping)
    assert type(conductor_of(turns, 2, 7)) is Conductor
    for pace, told in ((at_once, True), (turns, False)):
        plans = plans_of(comparison, LOAD, 1, [0, 1], Purpose.MEASURE, pace)
        assert all(("at_once" in plan.point.options) is told for plan in plans)


def test_pinned_workers_are_in_turns_on_any_machine(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = comparison_on(make, monkeypatch, cores=64)
    assert comparison.sets
    comparison.pinned = True
    comparison.sets = core_sets(comparison)
    assert comparison.sets == ()
    assert in_words(comparison).endswith("with --pin they are never at once")
    turns = Pace(0.25, 0.02, [9.0, 9.0])
    plans = plans_of(comparison, LOAD, 1, [0, 1], Purpose.MEASURE, turns)
    assert all(plan.point.options[PINNED] for plan in plans)


@pytest.mark.parametrize(("scenario", "pinned"), [("throughput", True), ("latency", False)])
def test_workers_of_a_backlog_are_pinned_where_that_was_asked(
    make: Maker, scenario: str, *, pinned: bool
) -> None:
    asked = load_scenario(scenario)
    comparison = make.comparison([asked], 7, 2)
    point = comparison.points()[0][1]
    assert PINNED not in comparison.options(asked, point)
    comparison.pinned = True
    assert (PINNED in comparison.options(asked, point)) is pinned


def test_nobody_stands_still_yet_cores_are_swapped_often(make: Maker) -> None:
    del make
    assert pace_for([2000] * 6, 0.02, 6, TWO) == Pace(0.25, 0.02, [2000] * 6, TWO)
    assert "swapped more rarely" in str(pace_for([2000, 10], 0.02, 2, TWO))


def pilot(rate: float, cpu_us: float) -> Outcome:
    row: Any = SimpleNamespace(status=Status.OK, reason="")
    metrics = {"drain_rate": rate, "turn_settled": 0.02, "workers_cpu_per_task": cpu_us}
    return Outcome(row, metrics | {"broker_cpu_per_task": 100.0}, [])


@pytest.mark.parametrize(("cpu_us", "sets"), [(1500.0, TWO), (1900.0, ())])
def test_an_arm_that_takes_nearly_all_of_its_cores_is_measured_in_turns(
    make: Maker,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cpu_us: float,
    sets: Sequence[frozenset[int]],
) -> None:
    """Of 2,000 tasks/s: 3.2 cores of four are fine, 4 are not."""
    comparison = comparison_on(make, monkeypatch, cores=9)
    tried: list[Sequence[frozenset[int]]] = []

    def block(*given: Any) -> list[Outcome]:
        tried.append(given[-1].sets)
        return [pilot(2000, 100.0), pilot(2000, cpu_us)]

    monkeypatch.setattr("harness.experiment.comparison.pace.duet_load", block)
    monkeypatch.setattr("harness.experiment.comparison.pace.server_of_another", lambda _: "")
    with TrialProgress(comparison.console, []) as progress:
        find_paces(comparison, progress)
    assert comparison.paces[LOAD].sets == sets
    assert tried == [TWO] if sets else [TWO, ()]
    said = "new would take more than 4 cores"
    assert (said in " ".join(capsys.readouterr().out.split())) is not bool(sets)
