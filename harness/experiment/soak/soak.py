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
from harness.cli.exits import Exit
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
MINUTE_S, BETWEEN_S = 60.0, 0.5  # of load, and between two schedules
AROUND_S = 60.0  # of a trial, beside its minutes: two starts, two warm-ups, the end


@dataclass(frozen=True)
class SoakRequest:
    """A soak as the options have it; ``rate`` in tasks/s, ``resume`` an experiment to go on with,
    ``kept`` what its row has to say for that, ``max_time_s`` None for no end before its last hour.
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
    max_time_s: float | None = None


class SoFar(NamedTuple):
    """Minutes with a checkpoint, and the number of the last trial."""

    minutes: int
    position: int


def soak(asked: SoakRequest, watch: Watch = UNWATCHED) -> Exit:
    """Carry out what is missing, or as much as there is time for: then NO_VERDICT; FOUND when the
    trial failed.
    """
    scenario = load_scenario(SOAK)
    setup = prepare(asked, scenario, watch)
    with guarded(asked.database):
        done = so_far(asked.database, asked.resume) if asked.resume else SoFar(0, 0)
        missing = missing_of(asked, done)
        minutes = piece(missing, asked.max_time_s)
        load = {"minutes": minutes, "rate": asked.rate, "anew": asked.max_time_s is None}
        plan = plan_of(scenario, setup.experiment, load, done.position + 1)
        show_plan(setup, asked, minutes)
        planned = [Expectations(setup).planned(scenario, plan.point)]
        with TrialProgress(console, planned) as progress:
            outcome = watched(setup, plan, progress)
    summarise(outcome, setup.experiment.experiment_id, left=missing - minutes)
    if outcome.status == Status.FAILED:
        return Exit.FOUND
    return Exit.NO_VERDICT if minutes < missing else Exit.FINE


def missing_of(asked: SoakRequest, done: SoFar) -> int:
    """Minutes that are not there yet. Raises UsageError where all are."""
    missing = asked.minutes - done.minutes
    if missing <= 0:
        raise UsageError(
            f"--resume {asked.resume}: nothing is missing of {counted(asked.minutes, 'minute')}"
        )
    return missing


def piece(missing: int, max_time_s: float | None) -> int:
    """How many of the missing minutes are for now: pieces are as few and as equal as they can be,
    since a slope takes some minutes. Raises UsageError where none fits.
    """
    if max_time_s is None:
        return missing
    fitting = int((max_time_s - AROUND_S) / (MINUTE_S + BETWEEN_S))
    if fitting < 1:
        raise UsageError(f"soak: --max-time: expected {2 * AROUND_S:g}s or more for a minute")
    pieces = -(-missing // fitting)
    return -(-missing // pieces)


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
    scenario: Scenario, experiment: ExperimentRow, load: Mapping[str, Any], position: int
) -> TrialPlan:
    point = Point(FULL, options=load)
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


def summarise(outcome: Outcome, experiment: str, left: int = 0) -> None:
    """The slopes, and how to go on; ``left``: minutes that there was no time for."""
    table = Table("what", "slope", "95 % interval, both halves", box=None, header_style="dim")
    for name, low in outcome.metrics.items():
        if name.endswith(LOW):  # backlog_slope has no interval, and is not of the checkpoints
            drifting = name.removesuffix(LOW)
            slope, high = (outcome.metrics[f"{drifting}{end}"] for end in ("_slope", "_slope_high"))
            table.add_row(drifting, f"{slope:,.4g} an hour", f"{low:,.4g} … {high:,.4g}")
    if table.row_count:
        console.print(table)
    if left:
        console.print(f"{counted(left, 'minute')} left")
    if left or outcome.status == Status.FAILED:
        console.print(f"to go on: nox -s soak -- --resume {experiment}")
    console.print("next: nox -s report")
