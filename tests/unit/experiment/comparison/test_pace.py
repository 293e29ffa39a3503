"""How long a turn is, what of it counts, and when arms do not take turns."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.comparison.duet import backlog_for, plans_of
from harness.experiment.comparison.pace import find_paces, pace_for
from harness.scenario.point import FULL, fitting
from harness.store.vocabulary import Purpose, Status
from harness.trial.outcome import Outcome
from tests.unit.experiment.comparison.made import Maker, Played

LOAD = ("throughput", "")


def outcome(rate: float, settled: float = 0.02, status: Status = Status.OK) -> Outcome:
    row: Any = SimpleNamespace(status=status, reason="the broker went away")
    return Outcome(row, {"drain_rate": rate, "turn_settled": settled}, [])


def test_a_turn_holds_twenty_tasks_of_the_slowest() -> None:
    assert pace_for([2000, 500], 0.02, 2) == Pace(0.25, 0.02, [2000, 500])
    found = pace_for([2000, 40], 0.02, 2)
    assert isinstance(found, Pace)
    assert found.window_s == pytest.approx(0.5)


def test_nobody_stands_still_for_more_than_a_second() -> None:
    assert "would stand still for 2.0 s" in str(pace_for([2000, 10], 0.02, 2))
    assert isinstance(pace_for([2000] * 5, 0.02, 5), Pace)
    assert isinstance(pace_for([2000] * 6, 0.02, 6), str)
    assert isinstance(pace_for([2000] * 6, 0.02, 2), Pace)  # two of them in a block


def test_some_of_a_turn_is_left_out_however_soon_an_arm_settles() -> None:
    found = pace_for([2000, 500], 0.0, 2)
    assert isinstance(found, Pace)
    assert found.settle_s == pytest.approx(0.01)


def test_half_a_turn_counts_however_late_an_arm_settles() -> None:
    found = pace_for([2000, 2000], 0.2, 2)
    assert isinstance(found, Pace)
    assert found.settle_s == pytest.approx(0.125)


def in_turns(
    make: Maker,
    outcomes: list[Outcome],
    monkeypatch: pytest.MonkeyPatch,
    provider: str = "native",
) -> Comparison:
    comparison = make(lambda *_: Played(1.0))
    for setup in comparison.setups:
        setup.arm = replace(setup.arm, broker=SimpleNamespace(provider=provider))  # type: ignore[arg-type]
    comparison.turns = True
    monkeypatch.setattr("harness.experiment.comparison.pace.duet_load", lambda *_, **__: outcomes)
    return comparison


def test_the_pilot_says_how_the_arms_of_a_load_take_turns(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = in_turns(make, [outcome(2000), outcome(500)], monkeypatch)
    with TrialProgress(comparison.console, []) as progress:
        find_paces(comparison, progress)
    assert comparison.paces == {LOAD: Pace(0.25, 0.02, [2000, 500])}


@pytest.mark.parametrize(
    ("outcomes", "provider", "said"),
    [
        ([outcome(2000), outcome(0, status=Status.FAILED)], "native", "the broker went away"),
        ([outcome(2000), outcome(5)], "native", "would stand still"),
        ([outcome(2000), outcome(500)], "url", "the server of old is not ours to hold"),
    ],
)
def test_where_turns_will_not_do_the_reason_is_said(
    make: Maker,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outcomes: list[Outcome],
    provider: str,
    said: str,
) -> None:
    comparison = in_turns(make, outcomes, monkeypatch, provider)
    with TrialProgress(comparison.console, []) as progress:
        find_paces(comparison, progress)
    assert comparison.paces == {}
    assert said in " ".join(capsys.readouterr().out.split())


def test_turns_that_are_known_are_not_looked_for_again(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = in_turns(make, [], monkeypatch)  # nothing can be measured
    known = {LOAD: Pace(0.3, 0.01, [2.0, 1.0])}
    comparison.paces = dict(known)
    with TrialProgress(comparison.console, []) as progress:
        find_paces(comparison, progress)
    assert comparison.paces == known


def test_each_arm_gets_a_backlog_for_as_long_as_is_measured(make: Maker) -> None:
    comparison = make(lambda *_: Played(1.0))
    comparison.size = replace(comparison.size, scale=1.0)
    pace = Pace(0.25, 0.02, [2000, 500])
    plans = plans_of(comparison, LOAD, 1, [0, 1], Purpose.MEASURE, pace)
    assert [plan.point.backlog for plan in plans] == [8800, 2200]
    assert len({plan.seed for plan in plans}) == 1
    assert {plan.point.size.idle_gate_s for plan in plans} == {0}
    assert all(plan.point.options["in_blocks"] for plan in plans)  # a drift in one is a remark
    assert backlog_for(1.0, 4.0) == 200
    [alone] = plans_of(comparison, LOAD, 1, [1], Purpose.MEASURE, pace)
    assert alone.point.backlog == 2200


def test_the_plan_of_four_versions_in_turns_ends_within_a_quarter_of_an_hour(make: Maker) -> None:
    """What ``regress --last 4`` does by default. Nobody has measured the arms yet."""
    comparison = make(lambda *_: Played(1.0), blocks=15, arms=4, command="regress")
    comparison.size, comparison.turns = FULL, True
    assert comparison.least_blocks <= comparison.blocks
    [block] = comparison.planned_block()
    assert 30 < block.guess_s() < 50
    assert block.guess_s() * comparison.blocks < 15 * 60


def test_the_first_backlog_of_an_arm_is_short_and_fits_how_it_warmed_up(make: Maker) -> None:
    comparison = make(lambda *_: Played(1.0))
    pilot = plans_of(comparison, LOAD, 0, [0, 1], Purpose.CALIBRATE, Pace(0.25, 0.05, []))
    assert {plan.point.backlog for plan in pilot} == {None}
    size = pilot[0].point.size
    assert size.late_s == 0
    assert [fitting(rate, size) for rate in (40.0, 1500.0, 8000.0)] == [200, 5000, 20_000]
