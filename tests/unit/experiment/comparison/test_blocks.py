"""What of a block is run again, what is given up, and what is said of it."""

import pytest

from harness.experiment.comparison.run import run
from harness.judge.claims import Kind
from harness.scenario.seats import PINNED
from harness.store.vocabulary import Status
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from tests.conftest import Query
from tests.unit.experiment.comparison.made import Maker, Played, only_verdict

LATE = "generator lag: p99 3 ms"


def test_a_block_that_the_environment_broke_is_run_again_whole(make: Maker, query: Query) -> None:
    troubled = iter([["steal percent 9 exceeds 2"]] + [[]] * 1000)

    def play(_arm: int, block: int) -> Played:
        return Played(100.0 + block, flags=next(troubled) if block == 2 else [])

    comparison = make(play, blocks=2)
    run(comparison)
    assert comparison.redo.times == 1
    assert query("SELECT purpose, count(*) FROM trial WHERE block = 2 GROUP BY 1 ORDER BY 1") == [
        ("broken", 2),
        ("measure", 2),
    ]
    assert query("SELECT count(*) FROM trial WHERE purpose = 'measure'") == [(4,)]


def test_workers_are_pinned_one_arm_after_the_other_too(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = make(lambda *_: Played(1.0), blocks=1)
    comparison.pinned, seen = True, list[TrialPlan]()
    play = make.player(lambda *_: Played(1.0))

    def noted(setup: Setup, plan: TrialPlan) -> Outcome:
        seen.append(plan)
        return play(setup, plan)

    monkeypatch.setattr("harness.experiment.watched.run_trial", noted)
    run(comparison)
    assert [plan.point.options.get(PINNED) for plan in seen] == [True, True]


def test_a_generator_that_fell_behind_is_run_again_and_a_loss_is_not(
    make: Maker, query: Query
) -> None:
    reasons = iter([LATE, f"{LATE}; lost: 1 of 9 tasks"])

    def play(arm: int, block: int) -> Played:
        reason = (next(reasons, "") if (arm, block) in {(1, 2), (1, 3)} else "") or ""
        return Played(100.0 + block, Status.INVALID if reason else Status.OK, reason)

    comparison = make(play, blocks=6)
    run(comparison)
    assert comparison.redo.times == 1
    assert query("SELECT DISTINCT block FROM trial WHERE purpose = 'broken'") == [(2,)]
    found = only_verdict(comparison)
    assert found.kind == Kind.INVALID
    assert "lost: 1 of 9" in found.sentence


def test_a_load_too_much_for_the_generator_is_given_up_and_an_environment_never(
    make: Maker,
) -> None:
    behind = make(lambda *_: Played(1.0, Status.INVALID, LATE), blocks=2)
    run(behind)
    assert behind.redo.times == 3  # of the first block only
    assert len(behind.redo.never) == 2
    stolen = make(lambda *_: Played(1.0, flags=["steal 9"]), blocks=2)
    run(stolen)
    assert stolen.redo.times == 6
