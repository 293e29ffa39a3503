"""From what was asked to a bench session that can start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.experiment.arms import describe_points
from harness.experiment.bench.plan import BenchPlan
from harness.experiment.bench.session import BenchSession
from harness.experiment.row import new_experiment
from harness.scenario.catalogue import chosen, usual_scenarios
from harness.scenario.scenario import Scenario
from harness.store.database import open_database
from harness.trial.cell import Arm
from harness.trial.plan import Setup, Watch


@dataclass(frozen=True)
class BenchRequest:
    """A bench as the options have it. ``kept``: the options as typed, for the experiment's row.
    ``typed``: the command. ``max_time_s``: None for no end.
    """

    arm: Arm
    plan: BenchPlan
    database: Path
    seed: int
    kept: Mapping[str, Any]
    typed: str = ""
    max_time_s: float | None = None


def prepare(asked: BenchRequest, watch: Watch) -> BenchSession:
    """Everything that can be checked before the load. Raises BenchError."""
    arm, plan = asked.arm, asked.plan
    with open_database(asked.database):
        pass  # refuse an unusable database before anything starts
    described = describe_points(arm, plan.scenarios.values(), plan.size)
    kept = {**asked.kept, "seed": asked.seed, "arm": arm.label}
    experiment = new_experiment("bench", plan.size.name, asked.seed, kept)
    profiles = asked.database.parent / "profiles"
    setup = Setup(asked.database, experiment, arm, described, profiles, watch=watch)
    feasible = plan.feasible(described)
    return BenchSession(setup, feasible, asked.typed, max_time_s=asked.max_time_s)


def chosen_scenarios(
    named: Sequence[str] | None, body: str | None, files: Sequence[str] = ()
) -> dict[str, Scenario]:
    """Those named or of the user's files, or the usual ones; ``tuning`` with the body asked for."""
    usual = () if files else usual_scenarios()
    scenarios = chosen(tuple(named or usual), [Path(file) for file in files])
    if body:
        scenarios["tuning"] = with_body(scenarios["tuning"], body)
    return scenarios


def with_body(tuning: Scenario, body: str) -> Scenario:
    """The scenario ``tuning`` for another body."""
    return type(tuning)(body)  # type: ignore[call-arg]  # the only one that takes an argument
