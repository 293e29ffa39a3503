"""Trials that are compared with nothing: each is the one of its experiment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from harness.experiment.order import trial_seed
from harness.experiment.row import new_experiment
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK, Point
from harness.scenario.run import Run
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm, describe_all, wanted
from harness.trial.outcome import Outcome
from harness.trial.plan import UNWATCHED, Setup, TrialPlan, Watch
from harness.trial.start import started
from harness.trial.steps import run_trial
from harness.trial.trial import Trial

BACKLOG = "throughput"  # the scenario of a run that is driven by hand
WARMUP_S = 0.5


def lone_setup(
    database: Path,
    arm: Arm,
    scenario: str,
    command: str,
    seed: int,
    wants: Mapping[str, Any] = MappingProxyType({}),
) -> Setup:
    """An arm with an experiment of its own."""
    experiment = new_experiment(command, QUICK.name, seed, {"arm": arm.label})
    described = describe_all(arm, [wanted(scenario, wants)])
    return Setup(database, experiment, arm, described, database.parent / "profiles")


def lone_plan(setup: Setup, scenario: str, purpose: Purpose, point: Point) -> TrialPlan:
    trial_id = f"{setup.experiment.experiment_id}-001"
    seed = trial_seed(setup.experiment.seed, scenario, 1, point.label)
    return TrialPlan(trial_id, 1, 1, load_scenario(scenario), point, purpose, seed)


def lone_trial(setup: Setup, plan: TrialPlan) -> Outcome:
    """Carry it out. Raises RuntimeError when it fails: the harness cannot judge itself by it."""
    outcome = run_trial(setup, plan)
    if outcome.status is Status.FAILED:
        raise RuntimeError(f"{setup.arm.label}: {outcome.reason}")
    return outcome


@contextmanager
def lone_run(
    database: Path, arm: Arm, seed: int, watch: Watch = UNWATCHED, **wants: Any
) -> Iterator[Run]:
    """A running trial, warm, that is driven by hand and leaves no row."""
    setup = replace(lone_setup(database, arm, BACKLOG, "selfbench", seed, wants), watch=watch)
    plan = lone_plan(setup, BACKLOG, Purpose.SELFBENCH, Point(QUICK, wants=wants))
    trial = Trial.begin(setup, plan)
    try:
        with started(trial) as run:
            run.ready()
            run.warm_up(WARMUP_S)
            yield run
    finally:
        trial.folder.remove()
