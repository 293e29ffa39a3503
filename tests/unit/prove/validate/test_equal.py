"""Comparisons of equal arms can fail: by a difference, an invalid trial, a missing verdict."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.judge.claims import DIFFERENT, Kind, Verdict
from harness.judge.planning import least_for
from harness.prove.validate import equal
from harness.prove.validate import session as sessions
from harness.prove.validate.equal import BLOCKS, Experiments, equal_arms, planted_two, real_equals
from harness.prove.validate.found import Found
from harness.prove.validate.session import COMPARED, FULL_SIZES, QUICK_SIZES, Sizes, ValidateSession
from harness.scenario.catalogue import load_scenario
from harness.store.vocabulary import Status
from harness.trial.cell import Arm, wanted
from harness.trial.plan import Setup
from tests.rows import EXPERIMENT
from tests.unit.experiment.comparison.made import Maker, Play, Played
from tests.waiting import until

CLAIMS = len(load_scenario(COMPARED).primary)


@pytest.fixture
def session(database: Path) -> ValidateSession:
    return ValidateSession(database, [], "1.0", Sizes(), seed=11)


def said(session: ValidateSession, monkeypatch: pytest.MonkeyPatch, *kinds: Kind) -> Found:
    """What the comparison of a framework with itself comes to by verdicts of these kinds."""
    verdicts = [Verdict(kind=kind, n=7, sentence="") for kind in kinds]
    monkeypatch.setattr(ValidateSession, "comparison", lambda *_, **__: verdicts)
    return real_equals(session, session.stub_arm())


def test_enough_blocks_are_run_for_something_to_be_found() -> None:
    for sizes in (Sizes(), FULL_SIZES, QUICK_SIZES):
        assert sizes.real_blocks >= least_for(CLAIMS)
    assert least_for(CLAIMS) <= BLOCKS


def test_equal_arms_pass(session: ValidateSession, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(session, monkeypatch, Kind.EQUIVALENT, Kind.INCONCLUSIVE, Kind.EQUIVALENT)
    assert found.passed
    assert "7 blocks: equivalent, inconclusive, equivalent;" in found.sentence


@pytest.mark.parametrize("wrong", [*sorted(DIFFERENT), Kind.INVALID])
def test_a_difference_and_an_invalid_trial_miss_the_bar(
    session: ValidateSession, monkeypatch: pytest.MonkeyPatch, wrong: Kind
) -> None:
    found = said(session, monkeypatch, Kind.EQUIVALENT, wrong, Kind.EQUIVALENT)
    assert (found.value, found.passed) == (1, False)


def test_a_missing_verdict_misses_the_bar(
    session: ValidateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(session, monkeypatch, Kind.EQUIVALENT, Kind.EQUIVALENT).value == 1
    assert said(session, monkeypatch).value == CLAIMS


def played(session: ValidateSession, monkeypatch: pytest.MonkeyPatch, play: Play) -> Found:
    """The comparison from its blocks to its verdicts, with trials that are played."""
    database = session.scratch
    described: Any = {wanted(COMPARED, {}): SimpleNamespace(gap="")}

    def lone_setup(_: Path, arm: Arm, *__: object) -> Setup:
        return Setup(database, EXPERIMENT, arm, described, database.parent)

    monkeypatch.setattr(sessions, "lone_setup", lone_setup)
    monkeypatch.setattr(sessions, "new_experiment", lambda *_: replace(EXPERIMENT, seed=3))
    player = Maker(database, monkeypatch).player(play)
    monkeypatch.setattr("harness.experiment.watched.run_trial", player)
    return equal_arms(session, [session.stub_arm()] * 2)


@pytest.mark.parametrize(("bias", "wrong"), [(1.0, 0), (0.8, CLAIMS)])
def test_a_biased_arm_is_seen(
    session: ValidateSession, monkeypatch: pytest.MonkeyPatch, bias: float, wrong: int
) -> None:
    """The second of two arms said to be equal is a fifth slower, or not."""
    noise = np.random.default_rng(8)

    def play(arm: int, block: int) -> Played:
        return Played(100 * block * float(noise.normal(1, 0.01)) * (bias if arm == 2 else 1))

    assert played(session, monkeypatch, play).value == wrong


def test_trials_that_are_invalid_are_seen(
    session: ValidateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(arm: int, block: int) -> Played:
        lost = (arm, block) == (2, 4)
        return Played(100.0 + block, Status.INVALID if lost else Status.OK, "lost: 1" * lost)

    assert played(session, monkeypatch, play).value == CLAIMS


def test_experiments_on_the_stub_count_what_is_wrong_and_what_is_covered(
    session: ValidateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three, one invalid and one different; the interval of one does not hold the ratio."""
    kinds = iter([Kind.EQUIVALENT, Kind.INVALID, Kind.SLOWER, *[Kind.EQUIVALENT] * 9])
    lows = iter([0.99, None, 1.01, *[0.9] * 9])

    def comparison(*_: object, **__: object) -> list[Verdict]:
        low = next(lows)
        return [Verdict(kind=next(kinds), n=8, sentence="", low=low, high=low and 1.2)]

    monkeypatch.setattr(ValidateSession, "comparison", comparison)
    monkeypatch.setattr(equal, "SIDE_BY_SIDE", 1)  # in the order of what is played
    experiments = Experiments(session)
    assert experiments.equals().value == 2
    assert (experiments.intervals, experiments.covered) == (12, 10)


def test_comparisons_on_their_way_begin_no_block_once_nobody_waits_for_them(
    session: ValidateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the one that is waited for, whichever thread comes first."""
    ended, seeds = list[bool](), list[int]()

    def comparison(
        _session: ValidateSession,
        _arms: object,
        _size: object,
        _blocks: int,
        seed: int,
        *_: object,
        **__: object,
    ) -> list[Verdict]:
        own: Any = SimpleNamespace(max_time_s=None)
        session.running.append(own)
        seeds.append(seed)
        if seed != session.seed + 100_000:
            ended.append(until(lambda: own.max_time_s == 0, 20))
        return [Verdict(kind=Kind.EQUIVALENT, n=8, sentence="")]

    monkeypatch.setattr(ValidateSession, "comparison", comparison)
    found = Experiments(session).carried_out(1.0, 40)
    next(found)
    found.close()  # as Ctrl-C does
    assert session.seed + 100_000 in seeds
    assert len(ended) < 10
    assert all(ended)


@pytest.mark.parametrize(
    ("kind", "passed"),
    [
        (Kind.SLOWER, True),
        (Kind.SLOWER_UNCERTAIN, True),
        (Kind.EQUIVALENT, False),
        (Kind.INCONCLUSIVE, False),
        (Kind.FASTER, False),
        (Kind.INVALID, False),
    ],
)
def test_a_planted_slow_down_has_to_be_found(
    session: ValidateSession, monkeypatch: pytest.MonkeyPatch, kind: Kind, *, passed: bool
) -> None:
    other = Verdict(kind=Kind.EQUIVALENT, n=10, sentence="")
    verdicts = [other, Verdict(kind=kind, n=10, sentence=""), other]  # the second is of the CPU
    monkeypatch.setattr(ValidateSession, "comparison", lambda *_, **__: verdicts)
    planting = replace(session, sizes=replace(session.sizes, planted=1))
    assert planted_two(planting).passed is passed
