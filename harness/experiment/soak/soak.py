"""One arm for hours, a checkpoint a minute, and on from there after a restart.

An experiment of one trial when nothing happens. When it was ended early, by Ctrl-C, a crash or a
reboot, going on with it adds a trial for the minutes that are missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

from harness.cli.arms import ArmRequest
from harness.cli.console import console
from harness.cli.progress import TrialProgress
from harness.experiment.arms import Cells, Server, built_arm, describe_points
from harness.experiment.cleanup import guarded
from harness.experiment.expected import Expectations
from harness.experiment.order import trial_seed
from harness.experiment.row import new_experiment
from harness.experiment.watched import watched
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL, Point
from harness.scenario.scenario import Scenario
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.rows import ExperimentRow
from harness.store.vocabulary import Purpose, Status
from harness.trial.outcome import Outcome
from harness.trial.plan import UNWATCHED, Setup, TrialPlan, Watch
from infrastructure.counted import counted
from infrastructure.errors import UsageError

SOAK = "soak"
LOW = "_slope_low"


@dataclass(frozen=True)
class SoakRequest:
    """A soak as the options have it; ``rate`` in tasks/s, ``resume`` an experiment to go on with,
    ``kept`` what its row has to say for that.
    """

    arm: ArmRequest
    cells: Cells
    server: Server
    database: Path
    seed: int
    minutes: int
    rate: int
    kept: Mapping[str, Any]
    resume: str | None = None


class SoFar(NamedTuple):
    """Minutes with a checkpoint, and the number of the last trial."""

    minutes: int
    position: int


def soak(asked: SoakRequest, watch: Watch = UNWATCHED) -> int:
    """Carry out what is missing; the exit code is 1 when the trial failed."""
    scenario = load_scenario(SOAK)
    done = so_far(asked.database, asked.resume) if asked.resume else SoFar(0, 0)
    minutes = asked.minutes - done.minutes
    if minutes <= 0:
        raise UsageError(
            f"--resume {asked.resume}: nothing is missing of {counted(asked.minutes, 'minute')}"
        )
    setup = prepare(asked, scenario, watch)
    plan = plan_of(scenario, setup.experiment, minutes, asked.rate, done.position + 1)
    show_plan(setup, asked, minutes)
    with (
        guarded(asked.database),
        TrialProgress(console, [Expectations(setup).planned(scenario, plan.point)]) as progress,
    ):
        outcome = watched(setup, plan, progress)
    summarise(outcome, setup.experiment.experiment_id)
    return 1 if outcome.status == Status.FAILED else 0


def prepare(asked: SoakRequest, scenario: Scenario, watch: Watch) -> Setup:
    """Everything that can be checked before the load. Raises UsageError or BenchError."""
    experiment = new_experiment(SOAK, FULL.name, asked.seed, dict(asked.kept))
    if asked.resume:
        experiment.experiment_id = asked.resume
    arm = built_arm(asked.arm, asked.cells, asked.server, asked.arm.label(()))
    with open_database(asked.database):
        pass  # refuse an unusable database before anything starts
    described = describe_points(arm, [scenario], FULL)
    profiles = asked.database.parent / "profiles"
    return Setup(asked.database, experiment, arm, described, profiles, watch=watch)


def plan_of(
    scenario: Scenario, experiment: ExperimentRow, minutes: int, rate: int, position: int
) -> TrialPlan:
    point = Point(FULL, options={"minutes": minutes, "rate": rate})
    trial_id = f"{experiment.experiment_id}-{position:03}"
    seed = trial_seed(experiment.seed, SOAK, position, point.label)
    return TrialPlan(trial_id, position, position, scenario, point, Purpose.MEASURE, seed)


def so_far(database: Path, experiment: str) -> SoFar:
    """How far the experiment has come."""
    with open_database(database, read_only=True) as connection:
        row = connection.execute(sql("soak_done"), {"experiment": experiment}).fetchone()
    return SoFar(int(row[0]), int(row[1])) if row else SoFar(0, 0)


def show_plan(setup: Setup, asked: SoakRequest, minutes: int) -> None:
    experiment = setup.experiment.experiment_id
    console.print(
        f"[bold]{setup.arm.label}[/] · {counted(minutes, 'minute')} at {asked.rate} tasks/s, a "
        f"checkpoint each · seed {asked.seed} → {asked.database} · experiment {experiment}"
    )


def summarise(outcome: Outcome, experiment: str) -> None:
    """The slopes, and how to go on."""
    table = Table("what", "slope", "95 % interval, both halves", box=None, header_style="dim")
    for name, low in outcome.metrics.items():
        if name.endswith(LOW):  # backlog_slope has no interval, and is not of the checkpoints
            drifting = name.removesuffix(LOW)
            slope, high = (outcome.metrics[f"{drifting}{end}"] for end in ("_slope", "_slope_high"))
            table.add_row(drifting, f"{slope:,.4g} an hour", f"{low:,.4g} … {high:,.4g}")
    if table.row_count:
        console.print(table)
    if outcome.status == Status.FAILED:
        console.print(f"to go on: nox -s soak -- --resume {experiment}")
    console.print("next: nox -s report")
