"""``soak``: one arm for hours, a checkpoint a minute, and on from there after a restart.

An experiment of one trial when nothing happens. When it was ended early, by Ctrl-C, a crash or a
reboot, ``--resume`` adds a trial for the minutes that are missing.
"""

import argparse
import secrets
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from harness.cli.arms import ArmRequest
from harness.cli.progress import TrialProgress
from harness.experiment.bench import (
    built_arm,
    describe_points,
    guarded,
    new_experiment,
    stored_options,
    trial_seed,
    watched,
)
from harness.scenario.scenario import FULL, Point, Scenario, load_scenario
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.rows import Row
from harness.store.vocabulary import Purpose, Status
from harness.trial.outcome import Outcome
from harness.trial.plan import UNWATCHED, Setup, TrialPlan, Watch
from infrastructure.errors import UsageError

SOAK = "soak"
MINUTES_AN_HOUR = 60
LOW = "_slope_low"
KEPT = ("arm", "hours", "rate", "profile", "provider", "broker", "broker_url", "python", "seed")

console = Console(highlight=False, soft_wrap=True)


def resumed(options: argparse.Namespace) -> argparse.Namespace:
    """The options of the soak to go on with. Raises UsageError on a foreign experiment."""
    _, kept = stored_options(options, (SOAK,), SOAK)
    return argparse.Namespace(**{**vars(options), **kept})


def soak_command(request: ArmRequest, options: argparse.Namespace, watch: Watch = UNWATCHED) -> int:
    """Carry out what is missing; the exit code is 1 when the trial failed."""
    scenario = load_scenario(SOAK)
    minutes = max(1, round(options.hours * MINUTES_AN_HOUR))
    done, position = progress_so_far(options) if options.resume else (0, 0)
    if done >= minutes:
        raise UsageError(f"--resume {options.resume}: all {minutes} minutes are there")
    seed = options.seed if options.seed is not None else secrets.randbelow(2**31)
    kept = {name: getattr(options, name) for name in KEPT} | {"seed": seed}
    experiment = new_experiment(SOAK, FULL.name, seed, kept)
    if options.resume:
        experiment["experiment_id"] = options.resume
    bench = replace(prepare(request, options, experiment, scenario), watch=watch)
    plan = plan_of(scenario, experiment, minutes - done, options.rate, position + 1)
    console.print(
        f"[bold]{bench.arm.label}[/] · {minutes - done} minutes at {options.rate} tasks/s, a "
        f"checkpoint each · seed {seed} → {options.db} · experiment {experiment['experiment_id']}"
    )
    with guarded(options.db), TrialProgress(console, [scenario.expected_s(plan.point)]) as progress:
        outcome = watched(bench, plan, progress)
    summarise(outcome, str(experiment["experiment_id"]))
    return 1 if outcome.status == Status.FAILED else 0


def prepare(
    request: ArmRequest, options: argparse.Namespace, experiment: Row, scenario: Scenario
) -> Setup:
    """Everything that can be checked before the load. Raises UsageError or BenchError."""
    arm = built_arm(request, options, request.label(()))
    with open_database(options.db):
        pass  # refuse an unusable database before anything starts
    described = describe_points(arm, [scenario], FULL)
    return Setup(options.db, experiment, arm, described, options.db.parent / "profiles")


def plan_of(
    scenario: Scenario, experiment: Row, minutes: int, rate: float, position: int
) -> TrialPlan:
    point = Point(FULL, options={"minutes": minutes, "rate": rate})
    trial_id = f"{experiment['experiment_id']}-{position:03}"
    seed = trial_seed(int(experiment["seed"]), SOAK, position, point.label)
    return TrialPlan(trial_id, position, position, scenario, point, Purpose.MEASURE, seed)


def progress_so_far(options: argparse.Namespace) -> tuple[int, int]:
    """Minutes with a checkpoint, and the number of the last trial."""
    with open_database(options.db, read_only=True) as connection:
        row = connection.execute(sql("soak_done"), {"experiment": options.resume}).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def summarise(outcome: Outcome, experiment_id: str) -> None:
    """The slopes, and how to go on."""
    table = Table("what", "slope", "95 % interval", box=None, header_style="dim")
    for name, low in outcome.metrics.items():
        if name.endswith(LOW):  # backlog_slope has no interval, and is not of the checkpoints
            drifting = name.removesuffix(LOW)
            slope, high = (outcome.metrics[f"{drifting}{end}"] for end in ("_slope", "_slope_high"))
            table.add_row(drifting, f"{slope:,.4g} an hour", f"{low:,.4g} … {high:,.4g}")
    if table.row_count:
        console.print(table)
    if outcome.status == Status.FAILED:
        console.print(f"to go on: nox -s soak -- --resume {experiment_id}")
    console.print("next: nox -s report")
