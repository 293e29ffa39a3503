"""Bench sessions whose trials are played."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.bench.plan import BenchPlan
from harness.experiment.bench.session import BenchSession
from harness.scenario.catalogue import load_scenario
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm, wanted
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from tests.conftest import TINY
from tests.rows import EXPERIMENT
from tests.unit.experiment.comparison.made import STUB, Played, outcome_of, row_of, store

CAPACITY = "open_loop_capacity"  # what an overload says


@pytest.fixture
def session_of(database: Path) -> Callable[..., BenchSession]:
    """A session that has not begun."""

    def make(
        scenario: str = "throughput",
        trials: int = 1,
        profilers: Sequence[Purpose] = (),
        max_time_s: float | None = None,
    ) -> BenchSession:
        arm = Arm("stub", "1.0", "3.12", sys.executable, STUB, "matched")
        can = SimpleNamespace(gap="", packages={})
        described: Any = {wanted(name, {}): can for name in ("throughput", "latency")}
        setup = Setup(database, replace(EXPERIMENT, seed=7), arm, described, database.parent)
        plan = BenchPlan({scenario: load_scenario(scenario)}, TINY, trials, profilers)
        typed = 'nox -s "bench-3.12(stub)" -- --trials 3'
        return BenchSession(setup, plan, typed=typed, max_time_s=max_time_s)

    return make


@pytest.fixture
def carry_out(monkeypatch: pytest.MonkeyPatch) -> Callable[..., BenchSession]:
    """Carry a session out, by trials that are played in order, then always soundly."""

    def run(session: BenchSession, played: Sequence[Played] = ()) -> BenchSession:
        coming: Iterator[Played] = iter(played)

        def run_trial(setup: Setup, plan: TrialPlan) -> Outcome:
            now = next(coming, Played(100.0))
            row = row_of(setup, plan, now) | {
                "load_fraction": plan.point.fraction,
                "capacity": plan.point.capacity,
            }
            name = CAPACITY if "overload" in plan.point.options else "drain_rate"
            store(setup.database, setup.experiment, [row], {name: now.value})
            return outcome_of(now, row, {name: now.value})

        monkeypatch.setattr("harness.experiment.watched.run_trial", run_trial)
        with TrialProgress(Console(quiet=True), session.planned()) as progress:
            session.run(progress)
        return session

    return run
