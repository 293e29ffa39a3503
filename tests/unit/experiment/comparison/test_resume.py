"""A killed comparison goes on where it was, on the same ground only."""

import re
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.exits import Exit
from harness.experiment.capacity import OVERLOADER, overload_point
from harness.experiment.comparison.compare import Course, compare
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.comparison.conclude import FailOn
from harness.experiment.comparison.pace import take_over_paces
from harness.experiment.comparison.resume import take_over
from harness.experiment.comparison.run import run
from harness.experiment.cut_off import HALF
from harness.judge.claims import Kind
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import Point
from harness.store.vocabulary import Purpose, Status
from harness.trial.outcome import UNFINISHED
from harness.trial.plan import TrialPlan
from infrastructure.errors import UsageError
from tests.conftest import TINY, Query
from tests.unit.experiment.comparison.made import (
    CTRL_C,
    SIGKILL,
    Maker,
    Play,
    Played,
    ended_after,
    only_verdict,
    row_of,
    store,
)

SOUND = Played(100.0)


def test_a_killed_comparison_goes_on_where_it_was(make: Maker, query: Query) -> None:
    def killed(arm: int, block: int) -> Played:
        if (arm, block) == (2, 4):
            raise KeyboardInterrupt
        return Played(100.0 + block)

    comparison = make(killed, blocks=6)
    with pytest.raises(KeyboardInterrupt):
        run(comparison)
    again = make(lambda _, block: Played(100.0 + block), blocks=6)
    done = take_over(again, comparison.id)
    assert set(done) <= {1, 2, 3}
    run(again, done)
    assert query("SELECT count(*), count(DISTINCT block) FROM trial WHERE purpose = 'measure'") == [
        (12, 6)
    ]
    with pytest.raises(UsageError, match="nothing is missing of 6 blocks"):
        take_over(again, comparison.id)


def test_a_block_that_was_cut_off_is_done_again_as_a_whole(make: Maker, query: Query) -> None:
    """Block 2 is disturbed, and so run again; Ctrl-C comes in the second arm of block 4."""
    trials = count()

    def cut_off(_arm: int, _block: int) -> Played:
        number = next(trials)
        flags = ["steal percent 9 exceeds 2"] if number == 2 else []
        return CTRL_C if number == 9 else Played(100.0, flags=flags)

    comparison = make(cut_off, blocks=6)
    with pytest.raises(KeyboardInterrupt):
        run(comparison)
    again = make(lambda *_: Played(100.0), blocks=6)
    done = take_over(again, comparison.id)
    assert done == [1, 2, 3]
    run(again, done)
    counted = "SELECT purpose, block, count(*) FROM trial WHERE block IN (2, 4) GROUP BY ALL"
    assert query(f"{counted} ORDER BY ALL") == [
        ("broken", 2, 2),
        ("broken", 4, 2),
        ("measure", 2, 2),
        ("measure", 4, 2),
    ]
    assert only_verdict(again).kind is Kind.EQUIVALENT
    longer = make(lambda *_: Played(100.0), blocks=7)
    assert take_over(longer, comparison.id) == [1, 2, 3, 4, 5, 6]
    assert longer.redo.times == 1  # the machine was busy in block 2 only


def test_arms_that_were_cut_off_side_by_side_are_no_block(make: Maker) -> None:
    """In turns both are; so are those of a harness that was killed."""
    killed = Played(0.0, Status.FAILED, UNFINISHED)
    comparison = make(lambda _, block: killed if block == 2 else Played(100.0), blocks=2)
    run(comparison)
    assert take_over(make(lambda *_: Played(100.0), blocks=2), comparison.id) == [1]


def test_a_dry_run_changes_nothing_of_it(
    make: Maker, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(first := make(ended_after(5), blocks=6))
    again = make(lambda *_: SOUND, blocks=6)
    monkeypatch.setattr("harness.experiment.comparison.compare.prepared", lambda *_: again)
    monkeypatch.setattr("harness.experiment.comparison.compare.show_plan", lambda _: None)
    asked: Any = SimpleNamespace(database=again.database)
    course = Course(again.database.parent, FailOn.REGRESSION, first.id, dry_run=True)
    assert compare(asked, course) == (Exit.FINE, "")
    assert query("SELECT purpose, count(*) FROM trial GROUP BY ALL") == [("measure", 6)]
    assert take_over(again, first.id, dry_run=True) == take_over(again, first.id) == [1, 2]
    assert query("SELECT purpose, count(*) FROM trial GROUP BY ALL ORDER BY ALL") == [
        ("broken", 2),
        ("measure", 4),
    ]


@pytest.mark.parametrize("by", [CTRL_C, SIGKILL])
def test_the_other_load_of_a_block_that_was_cut_off_was_not_disturbed(
    make: Maker, query: Query, by: Played
) -> None:
    trials = iter([SOUND, SOUND, Played(9.0, Status.INVALID, "lost: 1 of 9 tasks"), by])

    def two_loads(play: Play) -> Comparison:
        make(play)
        comparison = make.comparison([load_scenario("throughput"), load_scenario("claimed")], 2, 2)
        comparison.only = ["throughput", "claimed at naps of 1 ms"]
        return comparison

    with pytest.raises(KeyboardInterrupt):
        run(first := two_loads(lambda *_: next(trials)))
    again = two_loads(lambda *_: SOUND)
    for _ in range(2):
        assert take_over(again, first.id) == []
        assert again.redo.times == 0
    reasons = "SELECT purpose, reason FROM trial WHERE status <> 'failed' ORDER BY position"
    assert query(reasons) == [
        ("broken", HALF),
        ("broken", HALF),
        ("broken", f"lost: 1 of 9 tasks; {HALF}"),
    ]


@pytest.mark.parametrize("came", [Played(0), CTRL_C])
def test_its_loads_stay_what_they_were(make: Maker, came: Played) -> None:
    """An overload is offered beyond the rough rate, which is no capacity."""
    comparison, latency = make(lambda *_: Played(100.0), blocks=2), load_scenario(OVERLOADER)
    overload, half = overload_point(TINY, 9000.0), Point(TINY, 0.5, 400.0)
    trials = [(Purpose.CALIBRATE, overload, came), (Purpose.MEASURE, half, Played(0))]
    found = []
    for number, (purpose, point, played) in enumerate(trials, 1):
        plan = TrialPlan(f"trial-{number}", number - 1, number, latency, point, purpose, 0)
        row = row_of(comparison.setups[0], plan, played) | {"capacity": point.capacity}
        store(comparison.database, comparison.experiment, [row], {})
        take_over(comparison, comparison.id)
        found.append(comparison.capacity)
    assert found == [None, 400]  # None: it is calibrated again


@pytest.mark.parametrize("cores", [0, 4])
def test_its_arms_take_turns_as_they_did(make: Maker, cores: int) -> None:
    """By the latest block that found out; those at once are looked at again."""
    comparison = make(lambda *_: Played(100.0), blocks=2)
    comparison.turns = True
    load = ("throughput", "")
    for number, (arm, rate) in enumerate([(1, 9.0), (2, 9.0), (1, 2000.0), (2, 50.0)], 1):
        plan = TrialPlan(
            f"calibrated-{number}",
            0,
            number,
            comparison.scenarios["throughput"],
            comparison.point(load),
            Purpose.CALIBRATE,
            0,
        )
        row = row_of(comparison.setups[arm - 1], plan, Played(0))
        found = {"drain_rate": rate, "turn_settled": 0.01 * number, "turn_cores": cores}
        store(comparison.database, comparison.experiment, [row], found)
    take_over_paces(comparison)
    known = {load: Pace(0.4, 0.04, [2000.0, 50.0])}
    assert comparison.paces == ({} if cores else known)


def test_it_does_not_go_on_where_something_changed(make: Maker) -> None:
    comparison = make(lambda *_: Played(100.0), blocks=2)
    run(comparison)
    ground = comparison.experiment.harness_commit
    again = make(lambda *_: Played(100.0), blocks=3)
    again.experiment.harness_commit = "another"
    with pytest.raises(UsageError, match=f"harness_commit: {re.escape(ground)} then, another now"):
        take_over(again, comparison.id)
