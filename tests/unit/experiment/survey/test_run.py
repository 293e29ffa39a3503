"""A survey whose trials are played: blocks while there is time, void trials again, the kills."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.exits import Exit
from harness.experiment.comparison.measured import answering
from harness.experiment.redo import Redo
from harness.experiment.survey.carry_out import survey as carried_out
from harness.experiment.survey.prepare import LOADS, SCENARIOS
from harness.experiment.survey.resume import Place, take_over
from harness.experiment.survey.run import run
from harness.experiment.survey.say import summarise
from harness.experiment.survey.survey import Survey
from harness.scenario.catalogue import load_scenario
from harness.store.vocabulary import Status
from harness.trial.outcome import UNFINISHED, Outcome
from harness.trial.plan import Setup, TrialPlan
from tests.conftest import Query
from tests.unit.experiment.comparison.made import SIGKILL, Maker, Play, Played, ended_after

MakeSurvey = Callable[..., Survey]


@pytest.fixture
def make(database: Path, monkeypatch: pytest.MonkeyPatch) -> MakeSurvey:
    """Surveys of three arms. ``play``: what a trial comes to, by arm and block; ``killed``: those
    of kills.
    """
    maker = Maker(database, monkeypatch)

    def survey(play: Play, killed: Play = lambda *_: Played(0.0), blocks: int = 2) -> Survey:
        played, at_once = maker.player(play), maker.player(killed)
        monkeypatch.setattr("harness.experiment.watched.run_trial", played)
        monkeypatch.setattr("harness.experiment.survey.run.run_trial", played)

        def beside(setup: Setup, plan: TrialPlan, _partner: object) -> Outcome:
            return at_once(setup, plan)

        monkeypatch.setattr("harness.experiment.survey.kill.run_trial", beside)
        monkeypatch.setattr("harness.experiment.survey.kill.STAGGER_S", 0.0)
        scenarios = [load_scenario(name) for name in SCENARIOS]
        plain = maker.comparison(scenarios, blocks, 3, "survey")
        fields = {**vars(plain), "pairs": [], "only": LOADS, "redo": Redo(1), "capacity": None}
        return Survey(**fields, left_out=[])

    return survey


def test_every_arm_is_measured_once_a_block_and_killed_once(make: MakeSurvey, query: Query) -> None:
    survey = make(lambda arm, _: Played(100.0 * arm))
    run(survey)
    counted = "SELECT scenario, arm_number, count(*) FROM trial GROUP BY ALL ORDER BY ALL"
    assert query(counted) == [
        *(("killed", arm, 1) for arm in (1, 2, 3)),
        *(("latency", arm, 2) for arm in (1, 2, 3)),
        *(("throughput", arm, 2) for arm in (1, 2, 3)),
    ]
    assert survey.capacity == 120.0  # the slowest arm's, or the least that counts
    assert summarise(survey) == Exit.FINE


def test_a_void_trial_is_run_again_once_and_then_stands(make: MakeSurvey, query: Query) -> None:
    def play(arm: int, _block: int) -> Played:
        return Played(9.0, Status.INVALID if arm == 2 else Status.OK, "lost 1" if arm == 2 else "")

    once = iter([Played(0.0, Status.FAILED, "it did not start")])
    survey = make(play, lambda arm, _: next(once, Played(0.0)) if arm == 3 else Played(0.0), 1)
    run(survey)
    told = (
        "SELECT scenario, arm_number, purpose, status FROM trial WHERE arm_number > 1 ORDER BY ALL"
    )
    twice = [(2, "broken", "invalid"), (2, "measure", "invalid"), (3, "measure", "ok")]
    assert query(told) == [
        ("killed", 2, "measure", "ok"),
        ("killed", 3, "broken", "failed"),
        ("killed", 3, "measure", "ok"),
        *(("latency", *each) for each in twice),
        *(("throughput", *each) for each in twice),
    ]
    assert summarise(survey) == Exit.NO_VERDICT


def test_no_block_begins_that_would_end_too_late(make: MakeSurvey, query: Query) -> None:
    survey = make(lambda *_: Played(9.0), blocks=5)
    survey.max_time_s = 100.0
    survey.longest_block_s = 101.0
    run(survey)
    assert query("SELECT DISTINCT scenario FROM trial") == [("killed",)]
    assert answering(survey) == survey.id


def test_no_trial_begins_when_the_time_is_over(make: MakeSurvey, query: Query) -> None:
    trials = iter(range(4))

    def play(_arm: int, _block: int) -> Played:
        if next(trials, None) == 3:
            survey.max_time_s = 1e-9
        return Played(9.0)

    survey = make(play)
    run(survey)
    counted = "SELECT scenario, count(*) FROM trial GROUP BY ALL ORDER BY ALL"
    assert query(counted) == [("killed", 3), ("latency", 1), ("throughput", 3)]


def test_an_ended_survey_goes_on_trial_by_trial(make: MakeSurvey, query: Query) -> None:
    survey = make(ended_after(8))
    with pytest.raises(KeyboardInterrupt):
        run(survey)
    again = make(lambda *_: Played(100.0))
    there = take_over(again, survey.id)
    assert len(there) == 3 + 8  # kills come first
    assert Place("throughput", "", 1, 1) in there
    run(again, there)
    counted = "SELECT purpose, count(*) FROM trial GROUP BY ALL ORDER BY ALL"
    assert query(counted) == [("broken", 1), ("measure", 15)]
    assert query("SELECT count(DISTINCT position) FROM trial") == [(16,)]
    assert again.redo.times == 0  # the machine was not busy


def test_a_dry_run_changes_nothing_of_it(
    make: MakeSurvey, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(first := make(ended_after(2)))
    again = make(lambda *_: Played(100.0))
    monkeypatch.setattr("harness.experiment.survey.carry_out.prepare", lambda _: again)
    asked: Any = SimpleNamespace(database=again.database)
    assert carried_out(asked, first.id, dry_run=True) == (Exit.FINE, "")
    assert query("SELECT DISTINCT purpose FROM trial") == [("measure",)]


def test_what_a_killed_harness_cut_off_is_run_again(make: MakeSurvey, query: Query) -> None:
    cut_off = Played(1.0, Status.FAILED, UNFINISHED)
    survey = make(lambda arm, _: cut_off if arm == 1 else Played(100.0), blocks=1)
    survey.redo = Redo(0)
    run(survey)
    there = take_over(make(lambda *_: Played(100.0), blocks=1), survey.id)
    assert {place.arm for place in there if place.scenario != "killed"} == {2, 3}
    assert query("SELECT count(*) FROM trial WHERE purpose = 'broken'") == [(2,)]


@pytest.mark.usefixtures("no_guard")
def test_the_trial_that_a_harness_was_killed_in_is_run_again(
    make: MakeSurvey, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the spool until the next session begins."""
    with pytest.raises(KeyboardInterrupt):
        run(first := make(ended_after(8, SIGKILL)))
    again = make(lambda *_: Played(100.0))
    monkeypatch.setattr("harness.experiment.survey.carry_out.prepare", lambda _: again)
    asked: Any = SimpleNamespace(database=again.database)
    assert carried_out(asked, first.id) == (Exit.FINE, first.id)
    counted = "SELECT purpose, count(*) FROM trial GROUP BY ALL ORDER BY ALL"
    assert query(counted) == [("broken", 1), ("measure", 15)]
