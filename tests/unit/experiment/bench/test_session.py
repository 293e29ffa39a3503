"""A bench runs again what the surroundings broke, and keeps the row."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.bench.plan import BenchPlan
from harness.experiment.bench.say import summarise
from harness.experiment.bench.session import Session
from harness.scenario.catalogue import load_scenario
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm, wanted
from harness.trial.outcome import Outcome, TrialRow
from harness.trial.plan import Setup, TrialPlan
from tests.conftest import TINY, Query
from tests.rows import EXPERIMENT
from tests.unit.experiment.comparison.made import STUB, Played, row_of, store

STEAL = "steal percent 9 exceeds 2"


@pytest.fixture
def bench(database: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session of so many drains, played in order, then always soundly."""

    def make(played: Sequence[Played], trials: int, profilers: Sequence[Purpose] = ()) -> Session:
        coming: Iterator[Played] = iter(played)

        def run_trial(setup: Setup, plan: TrialPlan) -> Outcome:
            now = next(coming, Played(100.0))
            row = row_of(setup, plan, now)
            store(database, setup.experiment, [row], {"drain_rate": now.value})
            return Outcome(TrialRow(**row), {"drain_rate": now.value}, list(now.flags))

        monkeypatch.setattr("harness.experiment.watched.run_trial", run_trial)
        arm = Arm("stub", "1.0", "3.12", sys.executable, STUB, "matched")
        described: Any = {wanted("throughput", {}): SimpleNamespace(gap="")}
        setup = Setup(database, replace(EXPERIMENT, seed=7), arm, described, database.parent)
        plan = BenchPlan({"throughput": load_scenario("throughput")}, TINY, trials, profilers)
        session = Session(setup, plan, typed='nox -s "bench-3.12(stub)"')
        with TrialProgress(Console(quiet=True), session.planned()) as progress:
            session.run(progress)
        return session

    return make


def test_a_broken_trial_is_run_again_and_its_row_stays(bench: Any, query: Query) -> None:
    failed = Played(1.0, Status.FAILED, "the broker died", [STEAL])
    session = bench([failed, Played(200.0)], trials=2)
    assert query("SELECT block, purpose FROM trial ORDER BY position") == [
        (1, "broken"),
        (1, "measure"),
        (2, "measure"),
    ]
    assert [o.metrics["drain_rate"] for o in session.measured] == [200.0, 100.0]
    assert summarise(session) == 0  # the failure was not the arm's


def test_what_is_wrong_with_the_arm_is_not_run_again(bench: Any, query: Query) -> None:
    session = bench([Played(1.0, Status.FAILED, "it died")], trials=1)
    assert query("SELECT purpose FROM trial") == [("measure",)]
    assert summarise(session) == 1


def test_a_machine_that_stays_busy_costs_a_bounded_number_and_is_said(
    bench: Any, query: Query, capsys: pytest.CaptureFixture[str]
) -> None:
    session = bench([Played(100.0, flags=[STEAL])] * 99, trials=3)
    counted = "SELECT purpose, count(*) FROM trial GROUP BY 1 ORDER BY 1"
    assert query(counted) == [("broken", 3), ("measure", 3)]
    summarise(session)
    said = capsys.readouterr().out
    assert "the machine was busy: a trial was run again 3 times, 3 stayed disturbed" in said
    assert 'type again: nox -s "bench-3.12(stub)"' in said


def test_a_profile_is_not_run_again(bench: Any, query: Query) -> None:
    bench([Played(100.0), Played(0.0, flags=[STEAL])], trials=1, profilers=[Purpose.PY_SPY])
    assert query("SELECT purpose FROM trial ORDER BY position") == [("measure",), ("py-spy",)]
