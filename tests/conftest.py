"""Fixtures: cells, arms and trials of small size.

Integration tests need cells that ``nox -s tests`` builds (BENCH_CELLS names their folder). A
missing one skips on a laptop and fails in CI.
"""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest

from harness.cli.matrix import Matrix, read_matrix
from harness.experiment.arms import describe_points
from harness.experiment.order import trial_seed
from harness.experiment.row import new_experiment
from harness.machine.lock import VARIABLE
from harness.scenario.catalogue import load_scenario, load_scenarios
from harness.scenario.point import QUICK, Point
from harness.store.database import open_database
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm, Description, Wanted
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.processes.folder import TrialFolder, end_processes, is_live, spool_of
from infrastructure.root import ROOT

Query = Callable[[str], list[tuple[Any, ...]]]
# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # of what a shell starts in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)

TINY = replace(
    QUICK,
    name="tiny",
    tasks=600,
    warmup_s=0.2,
    load_s=0.5,
    idle_s=0.1,
    idle_gate_s=0,
    scale=0.02,
    late_s=0.0,
    drain_s=600.0,  # every backlog fits, however slow the machine
    hold_s=0,  # a busy machine is no reason to drain twice as much
)


def missing(what: str) -> None:
    """Skip here, fail in CI: a test that does not run there would prove nothing."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and this is CI")
    pytest.skip(f"{what} is missing; run the tests with: nox -s tests")


def at_work_below(folder: Path) -> list[psutil.Process]:
    """Live processes whose working directory lies there, or lay there until it was removed."""
    inside, found = folder.resolve(), []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if Path(process.cwd()).is_relative_to(inside) and is_live(process):
                found.append(process)
    return found


@pytest.fixture(scope="session", autouse=True)
def hypothesis_lets_go() -> Iterator[None]:
    """Hypothesis leaves a callback with the garbage collector, which outlives every module and
    holds on to all that the tests have touched: DuckDB's binding would list its types as leaked.
    """
    yield
    gc.callbacks[:] = [c for c in gc.callbacks if not c.__module__.startswith("hypothesis")]


@pytest.fixture(scope="session", autouse=True)
def beside_others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Sessions of the tests neither wait for benches on this machine nor keep any from it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("machine") / "lock"))
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fails, once all tests are done, when a process of theirs is still there."""
    base = tmp_path_factory.getbasetemp()
    yield
    deadline = time.monotonic() + 5  # what was killed has memory to give back before it is gone
    while (left := at_work_below(base)) and time.monotonic() < deadline:
        time.sleep(0.05)
    said = [f"{process.pid} {process.name()} in {process.cwd()}" for process in left]
    assert not said, f"processes that tests left: {said}"


@pytest.fixture(scope="session")
def matrix() -> Matrix:
    return read_matrix()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[TrialFolder]:
    """A trial's folder, for what is started without a trial."""
    made = TrialFolder.create(tmp_path / "spool", "t", {})
    yield made
    end_processes(made.path)  # of a test that failed before it came to that
    made.remove()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "results.duckdb"


@pytest.fixture
def make_arm(matrix: Matrix) -> Callable[..., Arm]:
    """An arm of the newest pinned version; the stub runs on this very interpreter."""

    def make(framework: str = "stub", profile: str = "matched", **options: Any) -> Arm:
        if not cell_of(framework).exists():
            missing(f"the cell {cell_of(framework).parent.parent}")
        broker = BrokerChoice(matrix.frameworks[framework].brokers[0], "embedded")
        return newest_arm(matrix, framework, broker, profile, **options)

    return make


def cell_of(framework: str) -> Path:
    """The interpreter of a framework's cell, or that of a version of it (``celery-5.4.0``), built
    or not.
    """
    if framework == "stub":
        return Path(sys.executable)
    folder = Path(os.environ.get("BENCH_CELLS", ROOT / ".nox"))
    return folder / f"tests-{framework}" / "bin" / "python"


def newest_arm(
    matrix: Matrix, framework: str, broker: BrokerChoice, profile: str = "matched", **options: Any
) -> Arm:
    """An arm of the newest pinned version."""
    version, python = matrix.frameworks[framework].versions[0], "{}.{}".format(*sys.version_info)
    cell = str(cell_of(framework))
    return Arm(framework, version, python, cell, broker, profile, options)


@pytest.fixture
def on_broker(make_arm: Callable[..., Arm]) -> Callable[..., Arm]:
    """An arm on the first provider of a broker that works here."""

    def arm(framework: str, broker: str, **options: Any) -> Arm:
        try:
            choice = BrokerChoice(broker, "auto").settled()
        except UsageError as error:
            missing(str(error))
        return replace(make_arm(framework, **options), broker=choice)

    return arm


DESCRIBED: dict[str, dict[Wanted, Description]] = {}


def described(arm: Arm) -> dict[Wanted, Description]:
    """What its cell says of all points at small size. Asked once: importing a framework takes a
    second. A copy, which a test may spoil.
    """
    name = repr(arm)
    if name not in DESCRIBED:
        DESCRIBED[name] = describe_points(arm, load_scenarios().values(), TINY)
    return deepcopy(DESCRIBED[name])


@pytest.fixture
def make_setup(database: Path, tmp_path: Path) -> Callable[[Arm], Setup]:
    def make(arm: Arm) -> Setup:
        spool_of(database).mkdir(exist_ok=True)
        experiment = new_experiment("bench", "tiny", 7, {})
        return Setup(database, experiment, arm, described(arm), tmp_path / "profiles")

    return make


@pytest.fixture
def trial(make_setup: Callable[[Arm], Setup]) -> Callable[..., Outcome]:
    """Run one trial of an arm and return what came of it."""

    def run(arm: Arm, scenario: str, purpose: Purpose = Purpose.MEASURE, **point: Any) -> Outcome:
        setup = make_setup(arm)
        plan = make_plan(setup, scenario, purpose, **point)
        return run_trial(setup, plan)

    return run


def make_plan(
    setup: Setup, scenario: str, purpose: Purpose = Purpose.MEASURE, **point: Any
) -> TrialPlan:
    trial_id = f"{setup.experiment.experiment_id}-001"
    where = Point(**{"size": TINY, **point})
    seed = trial_seed(7, scenario, 1, where.label)
    return TrialPlan(trial_id, 1, 1, load_scenario(scenario), where, purpose, seed)


@pytest.fixture
def query(database: Path) -> Query:
    def ask(text: str) -> list[tuple[Any, ...]]:
        with open_database(database, read_only=True) as connection:
            return connection.execute(text).fetchall()

    return ask
