"""``bench``: measure one cell. Plans trials, runs them in order, says what came of them."""

import argparse
import hashlib
import itertools
import json
import secrets
import statistics
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from harness import __version__
from harness.cli.arms import ArmRequest
from harness.cli.progress import TrialProgress, clock
from harness.judge.search import bracket, majority
from harness.machine.environment import UNREADABLE
from harness.measure import validity as checks
from harness.scenario.scenario import (
    FULL,
    QUICK,
    Point,
    Scenario,
    Size,
    is_open_loop,
    load_scenarios,
    usual_scenarios,
)
from harness.store import database as store
from harness.store.redact import redacted
from harness.store.rows import Row
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm, Description, Wanted, describe_all, wanted
from harness.trial.leftovers import recover
from harness.trial.outcome import Outcome
from harness.trial.plan import UNWATCHED, Setup, TrialPlan, Watch
from harness.trial.profilers.tools import PROFILERS
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError, UsageError
from infrastructure.processes import guard
from infrastructure.processes.folder import spool_of
from infrastructure.root import ROOT

CALIBRATOR = "throughput"
MEASURING = {Purpose.MEASURE, Purpose.CALIBRATE}
OPEN_LOOP = "latency"  # the scenario whose load points a search for a rate takes
SLO_MS = 200.0  # p99; of the full size
SEARCH_LOAD_S = 10.0
GAP_S = 0.1  # of a trial that says what cannot be had, and starts nothing
SEARCH_TRIALS = 18  # usual: 4 rates outward, 3 halvings, 2 or 3 votes each

console = Console(highlight=False, soft_wrap=True)


def new_experiment(command: str, size: str, seed: int, options: dict[str, Any]) -> Row:
    """The experiment's row, with an id that sorts by time."""
    now = datetime.now(UTC)
    return {
        "experiment_id": f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        "created_at": now.isoformat(),
        "command": command,
        "size": size,
        "factor": "none",
        "seed": seed,
        "options": redacted(json.dumps(options, default=str)),
        "harness_version": __version__,
        "harness_commit": commit(),
    }


def commit() -> str:
    """The harness's git commit, with a + when the tree has changes; unreadable outside git."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or UNREADABLE


def stored_options(options: argparse.Namespace, commands: Sequence[str], what: str) -> tuple[
    str, dict[str, Any]
]:  # fmt: skip
    """Command and options of the experiment ``options.resume``. Raises UsageError unless it is
    there and was made by one of ``commands``: ``what``, in words.
    """
    with store.open_database(options.db, read_only=True) as connection:
        row = connection.execute(
            "SELECT command, options FROM experiment WHERE experiment_id = ?", [options.resume]
        ).fetchone()
    if row is None or row[0] not in commands:
        where = "is not in" if row is None else f"is a {row[0]}, not a {what}, in"
        raise UsageError(f"--resume {options.resume}: this experiment {where} {options.db}")
    return row[0], json.loads(row[1])


def built_arm(request: ArmRequest, options: argparse.Namespace, name: str) -> Arm:
    """The arm on its cell, one of ``options.cell``, and on its broker, which is checked. Raises
    UsageError or BenchError.
    """
    broker = chosen_broker(request.broker, options)
    executables = {(f, v, p): exe for f, v, p, exe in options.cell}
    executable = executables.get((request.framework, request.version, request.python))
    if executable is None:
        raise BenchError(f"{name}: its cell was not built; start this through nox")
    variant = {"variant": request.variant} if request.variant else {}
    return Arm(request.framework, request.version, request.python, executable, broker,
               request.profile, variant)  # fmt: skip


def chosen_broker(name: str, options: argparse.Namespace) -> BrokerChoice:
    """The broker that the options mean, looked for now, and said when ``auto`` chose it. Raises
    UsageError.
    """
    relaxed = options.durability == "relaxed"
    asked = BrokerChoice(name, options.provider, options.broker_url, options.yes_flush, relaxed)
    found = asked.settled()
    if asked.provider == "auto" and name != "stub":
        console.print(f"[dim]{found.label}: provider {found.provider}[/]")
    return found


def trial_seed(seed: int, scenario: str, block: int, point: str) -> int:
    """The seed of a trial: shared by all arms of a block, different for everything else."""
    text = f"{seed}/{scenario}/{block}/{point}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])


@contextmanager
def guarded(database: Path) -> Iterator[None]:
    """Clean up after earlier sessions, then watch over this one's children."""
    spool = spool_of(database)
    spool.mkdir(exist_ok=True)
    for line in recover(database, spool):
        console.print(f"[yellow]{line}[/]")
    watchdog = guard.start_guard(spool)
    try:
        yield
    finally:
        guard.stop_guard(watchdog)
        for line in recover(database, spool):  # trials that the database was too busy for
            console.print(f"[yellow]{line}[/]")


class Step(NamedTuple):
    """A trial to be, before its load is known in tasks/s."""

    scenario: Scenario
    point: Point
    block: int
    purpose: Purpose


def in_order(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """Backlogs first: their drain rate is the capacity that load fractions refer to."""
    return sorted(scenarios, key=is_open_loop)


def describe_points(arm: Arm, scenarios: Iterable[Scenario], size: Size) -> dict[
    Wanted, Description
]:  # fmt: skip
    """What the cell says of every point of these scenarios, and of the calibration."""
    points = [wanted(s.name, p.wants) for s in scenarios for p in s.points(size)]
    return describe_all(arm, [wanted(CALIBRATOR, {}), *points])


class Session:
    """One bench session: a plan, carried out trial by trial."""

    def __init__(
        self,
        bench: Setup,
        scenarios: dict[str, Scenario],
        size: Size,
        trials: int | None,
        profilers: list[Purpose],
        slo_ms: float | None = None,
    ) -> None:
        self.bench = bench
        self.scenarios = scenarios
        self.size = size
        self.trials = trials
        self.profilers = profilers
        self.slo_ms = slo_ms if OPEN_LOOP in scenarios else None
        self.outcomes: list[Outcome] = []
        self.capacity: float | None = None

    @property
    def seed(self) -> int:
        return int(self.bench.experiment["seed"])

    def steps(self) -> list[Step]:
        """What to measure, in order of execution.

        Backlogs come first: their drain rate is the capacity that load fractions refer to.
        """
        order = in_order(self.scenarios.values())
        steps: list[Step] = []
        if any(map(is_open_loop, order)) and CALIBRATOR not in self.scenarios:
            steps.append(Step(load_scenarios()[CALIBRATOR], Point(self.size), 1, Purpose.CALIBRATE))
        for scenario in order:
            usual = scenario.trials[self.size.name]
            for block in range(1, (self.trials or usual) + 1):
                points = scenario.points(self.size)
                steps += [Step(scenario, p, block, Purpose.MEASURE) for p in points]
        for tool in self.profilers:
            steps += [
                Step(s, p, 1, tool)
                for s in order
                for p in s.points(self.size)
                if p.label in s.profiled
            ]
        return steps

    def expected_s(self) -> list[float]:
        expected = [self.step_s(step) for step in self.steps()]
        return expected + ([self.search_expected_s()] * SEARCH_TRIALS if self.slo_ms else [])

    def step_s(self, step: Step) -> float:
        if self.bench.descriptions[wanted(step.scenario.name, step.point.wants)].gap:
            return GAP_S
        return step.scenario.expected_s(step.point.offered(1000.0))

    def search_expected_s(self) -> float:
        return self.scenarios[OPEN_LOOP].expected_s(Point(self.search_size(), 0.5, 1000.0))

    def search_size(self) -> Size:
        return replace(self.size, load_s=min(self.size.load_s, SEARCH_LOAD_S))

    def run(self) -> None:
        """Carry out every step; a trial that goes wrong is a row, and the next one follows."""
        expected = self.expected_s()
        with TrialProgress(console, expected) as progress:
            for position, (scenario, point, block, purpose) in enumerate(self.steps(), 1):
                if point.fraction is not None and self.capacity is None:
                    self.capacity = self.measured_capacity()
                offered = point.offered(self.capacity)
                self.trial(position, scenario, offered, block, purpose, progress)
            if self.slo_ms:
                self.search(self.slo_ms, progress)

    def trial(
        self,
        position: int,
        scenario: Scenario,
        point: Point,
        block: int,
        purpose: Purpose,
        progress: TrialProgress,
    ) -> Outcome:
        trial_id = f"{self.bench.experiment['experiment_id']}-{position:03}"
        seed = trial_seed(self.seed, scenario.name, block, point.label)
        plan = TrialPlan(trial_id, block, position, scenario, point, purpose, seed)
        outcome = watched(self.bench, plan, progress)
        self.outcomes.append(outcome)
        return outcome

    def search(self, slo_ms: float, progress: TrialProgress) -> None:
        """The highest rate whose p99 stays within the objective: METHOD 4, by majority of 3."""
        capacity = self.capacity or self.measured_capacity()
        behind = []

        def holds(rate: float) -> bool:
            asked = itertools.count(1)
            fraction = rate / capacity

            def ask() -> bool:
                point = Point(self.search_size(), fraction, capacity, {"slo_ms": slo_ms})
                outcome = self.trial(
                    len(self.outcomes) + 1, self.scenarios[OPEN_LOOP], point, next(asked),
                    Purpose.SEARCH, progress,
                )  # fmt: skip
                if checks.BEHIND in outcome.reason:
                    behind.append(rate)
                return outcome.metrics.get("slo_passed") == 1.0

            return majority(ask)

        found = bracket(capacity / 2, holds)
        console.print(found.in_words(slo_ms, behind=found.high in behind))

    def measured_capacity(self) -> float:
        """What this session's drains say the arm can sustain, in tasks/s. Raises BenchError."""
        drains = [o for o in self.outcomes if o.trial.purpose in MEASURING]
        capacity = capacity_of(drains)
        if capacity is None:
            raise BenchError(
                "no backlog was drained, so there is no capacity to offer shares of: everything "
                "after that was left out; see the reasons above"
            )
        return capacity


def watched(bench: Setup, plan: TrialPlan, progress: TrialProgress, where: str = "") -> Outcome:
    """Carry a trial out, said as it begins and ends."""
    progress.begin(where + label(plan))
    bench.watch.begin(bench, plan, progress)
    outcome = run_trial(bench, plan)
    bench.watch.end(outcome.status)
    progress.end(verdict_line(plan, outcome))
    return outcome


def capacity_of(drains: Sequence[Outcome]) -> float | None:
    """The median drain rate measured while a producer was sending, since an open loop has its
    generator on the same cores; the rate without one where that is smaller or all there is. None
    when nothing was drained.
    """
    measured = [o.metrics for o in drains if o.status != Status.FAILED]
    rates = [m["drain_rate"] for m in measured if "drain_rate" in m]
    live = [m["drain_rate_live"] for m in measured if "drain_rate_live" in m]
    return min(statistics.median(live or rates), statistics.median(rates)) if rates else None


def label(plan: TrialPlan) -> str:
    purpose = "" if plan.purpose is Purpose.MEASURE else plan.purpose
    parts = [plan.scenario.name, plan.point.label, purpose]
    return " ".join(p for p in parts if p)


def verdict_line(plan: TrialPlan, outcome: Outcome) -> str:
    """One line for a finished trial: status, and its headline figure."""
    marks = {
        Status.OK: "[green]ok[/]", Status.INVALID: "[yellow]invalid[/]",
        Status.FAILED: "[red]failed[/]", Status.GAP: "[cyan]cannot[/]",
    }  # fmt: skip
    figures = {
        "drain_rate": "{:,.0f} tasks/s drained",
        "sojourn_p50": "p50 {:.2f} ms",
        "sojourn_p99": "p99 {:.2f} ms",
        "workers_cpu_per_task": "{:,.0f} µs worker CPU a task",
    }
    shown = [t.format(outcome.metrics[n]) for n, t in figures.items() if n in outcome.metrics]
    if plan.purpose in PROFILERS:
        shown = ["profiled, gives no timings"]
    return f"{marks[outcome.status]} {label(plan)}: {', '.join(shown)}" + (
        f" — {outcome.reason}" if outcome.reason else ""
    )


def show_plan(session: Session) -> None:
    """The plan and the expected time, before anything starts."""
    bench = session.bench
    topology = bench.descriptions[wanted(CALIBRATOR, {})].workers_topology
    console.print(
        f"[bold]{bench.arm.label}[/] · profile {bench.arm.profile}: {topology.processes} worker "
        f"process(es), {topology.concurrency} task(s) at a time each · seed {session.seed}"
    )
    table = Table("scenario", "load", "trials", "purpose", box=None, header_style="dim")
    counted: dict[tuple[str, str, Purpose], int] = {}
    for scenario, point, _, purpose in session.steps():
        key = (scenario.name, point.label, purpose)
        counted[key] = counted.get(key, 0) + 1
    for (scenario_name, load, purpose), count in counted.items():
        table.add_row(scenario_name, load, str(count), purpose)
    console.print(table)
    if session.slo_ms:
        console.print(
            f"then a search for the rate that holds p99 ≤ {session.slo_ms:g} ms, about "
            f"{SEARCH_TRIALS} trials"
        )
    console.print(
        f"{len(session.steps())} trials, about {clock(sum(session.expected_s()))} "
        f"→ {bench.database}"
        + (" · quick: for looking, decides nothing" if session.size is QUICK else "")
    )


def replace_body(tuning: Scenario, body: str) -> Scenario:
    """The scenario ``tuning`` for another body."""
    return type(tuning)(body)  # type: ignore[call-arg]  # the only one that takes an argument


def list_scenarios() -> None:
    table = Table("scenario", "question", "primary metrics", box=None, header_style="bold")
    for name, scenario in load_scenarios().items():
        table.add_row(name, scenario.question, ", ".join(scenario.primary_names))
    console.print(table)


def bench_command(arm: Arm, options: argparse.Namespace, watch: Watch = UNWATCHED) -> int:
    """Run a bench session; the exit code is 1 when a measuring trial failed, else 0."""
    every = load_scenarios()
    names = options.scenario or list(usual_scenarios())
    scenarios = {name: every[name] for name in dict.fromkeys(names)}
    if options.body:
        scenarios["tuning"] = replace_body(scenarios["tuning"], options.body)
    size = QUICK if options.quick else FULL
    seed = options.seed if options.seed is not None else secrets.randbelow(2**31)
    with store.open_database(options.db):
        pass  # refuse an unusable database before anything starts
    descriptions = describe_points(arm, scenarios.values(), size)
    chosen = {k: v for k, v in vars(options).items() if k not in {"list", "arguments"}}
    session = Session(
        Setup(
            options.db,
            new_experiment("bench", size.name, seed, {**chosen, "seed": seed, "arm": arm.label}),
            arm,
            descriptions,
            options.db.parent / "profiles",
            watch=watch,
        ),
        scenarios,
        size,
        options.trials,
        [] if options.no_profilers else list(PROFILERS),
        options.slo or (None if options.quick else SLO_MS),
    )
    show_plan(session)
    with guarded(options.db):
        session.run()
    return summarise(session)


def summarise(session: Session) -> int:
    """Say what is not ok and what to type next; the exit code."""
    measured = [o for o in session.outcomes if o.trial.purpose in MEASURING]
    wrong = [o for o in measured if o.status not in {Status.OK, Status.GAP}]
    gaps = [o for o in measured if o.status == Status.GAP]
    unprofiled = [
        o for o in session.outcomes if o.trial.purpose in PROFILERS and o.status == Status.FAILED
    ]
    for outcome in unprofiled:
        console.print(f"[yellow]no profile:[/] {outcome.reason}")
    for sentence in dict.fromkeys(o.reason for o in gaps):
        console.print(f"[cyan]cannot:[/] {sentence}")
    tried = len(measured) - len(gaps)
    console.print(
        f"{tried - len(wrong)} of {tried} measuring trials ok · experiment "
        f"{session.bench.experiment['experiment_id']} · next: nox -s report"
    )
    return 1 if any(o.status == Status.FAILED for o in measured) else 0
