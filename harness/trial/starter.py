"""The processes that a trial starts in its cell: preparations, workers, producers and others."""

import hashlib
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.cli.matrix import MODELS, MODELS_LOCK
from harness.measure.sampler import Sampler
from harness.trial.surroundings import hash_seed
from harness.trial.trial import Trial
from infrastructure.errors import TrialFailed
from infrastructure.hosts.host import HERE, Host
from infrastructure.processes.child import Child, cell_environment, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.servers import answers, start_on_free_port
from tasks.records import HOST_VARIABLE
from tasks.spec import PLACE_VARIABLE

PREPARE_S = 60.0
NOTHING: Mapping[str, str] = {}


class Starter:
    """Starts them; each is sampled from its start on, stands still when its arm does, and is ended
    with the trial.

    ``url``: the broker's address. ``api``: that of the mock API, empty without one. Raises
    TrialFailed where the cell lacks what the point wants.
    """

    def __init__(self, trial: Trial, url: str, sampler: Sampler, api: str) -> None:
        self.sampler = sampler
        self._trial = trial
        self._arm = trial.setup.arm
        self._wants = trial.plan.point.wants
        self.spec_path = trial.folder.path / "spec.json"
        self._spec = self._arm.spec(
            trial.plan.scenario.name, url, trial.folder.records, self._wants, api
        )
        self._spec.write(self.spec_path)
        self._cell = self._environment()
        self._told = trial.description.environment_on(url)

    def _environment(self) -> dict[str, str]:
        """What every process of the cell sees."""
        # A process that is killed leaves its temporary files: they go with the trial's folder.
        temporary = self._trial.folder.path / "tmp"
        temporary.mkdir()
        seed = hash_seed(self._trial.plan)
        cell = cell_environment(self.spec_path, seed, self._arm.modules)
        cell["TMPDIR"] = str(temporary)
        if "model" in self._wants:
            cell["PYTHONPATH"] += os.pathsep + str(models_beside(self._arm.executable))
            lock = hashlib.sha256(MODELS_LOCK.read_bytes()).hexdigest()
            self._trial.environment["models_lock"] = lock
        return cell

    def _module(self, *words: str) -> list[str]:
        return [self._arm.executable, "-m", *words]

    def _begin(
        self,
        argv: Sequence[str],
        role: Role,
        name: str,
        env: Mapping[str, str] = NOTHING,
        *,
        piped: bool = False,
        host: Host | None = None,
    ) -> Child:
        place = host or self._trial.folder.places.of(role)
        elsewhere = {} if place.name == HERE.name else {HOST_VARIABLE: place.name}
        own = {**self._cell, **elsewhere, **env}
        child = start(argv, role, self._trial.folder, own, name, piped=piped, host=place)
        self._trial.children.append(child)
        self.sampler.watch(role, child.pid)
        self._trial.partner.take_in(child.pid)
        return child

    def prepare(self) -> None:
        """Run what the framework wants first, one command after the other. Raises TrialFailed."""
        for command in self._trial.description.before:
            prepare(self._module(*command), self._cell | self._told, self._trial.folder)

    def start_workers(self, env: Mapping[str, str], places: Sequence[int] | None) -> list[Child]:
        """Start those of these places, all without any; under the profiler of a pass. ``env`` is
        added to their environment.
        """
        profiler, told = self._trial.profiler, {**self._told, **env}
        children, commands = [], self._trial.description.workers
        for index, command in enumerate(commands):
            if places is not None and index not in places:
                continue
            argv = self._module(*command)
            argv = profiler.command(argv, index) if profiler else argv
            own = {**told, PLACE_VARIABLE: str(index)}
            host = self._trial.folder.places.of_worker(index, len(commands))
            children.append(self._begin(argv, Role.WORKERS, f"worker-{index}", own, host=host))
        return children

    def start_producers(self) -> list[Child]:
        return [
            self._begin(argv, Role.PRODUCER, f"producer-{shard}", piped=True)
            for shard in range(self._trial.plan.scenario.producers)
            for argv in [self._module("tasks.load", str(shard))]
        ]

    def start_beside(self) -> tuple[list[Child], float | None]:
        """Start what else the point wants; and the seconds that a web application took to start,
        None without one.
        """
        beside, took = [], None
        if self._wants.get("web"):
            begin = time.monotonic()
            beside.append(self._start_web())
            took = time.monotonic() - begin
        if self._wants.get("events"):
            argv = self._module("tasks.listen")
            beside.append(self._begin(argv, Role.LISTENER, "listener", piped=True))
        return beside, took

    def _start_web(self) -> Child:
        """Start the web application on a free port, and tell its address to whoever comes next."""

        def begin(port: int) -> Child:
            return self._begin(self._module("tasks.web", str(port)), Role.WEB, "web")

        def answering(port: int, child: Child) -> tuple[Child, str] | None:
            return (child, f"http://127.0.0.1:{port}") if answers(port) else None

        child, address = start_on_free_port(begin, answering, "the web application")
        replace(self._spec, web=address).write(self.spec_path)
        return child


def prepare(argv: Sequence[str], cell: Mapping[str, str], folder: TrialFolder) -> None:
    """Run a command of the framework to its end, before anything else of it. Raises TrialFailed."""
    # An address that is folded to fit a line is not known as one when passwords are cut.
    child = start(argv, Role.PREPARATION, folder, {**cell, "COLUMNS": "1000"}, "preparation")
    try:
        code = child.process.wait(PREPARE_S)
    except subprocess.TimeoutExpired:
        code = None
    child.stop()
    if code != 0:
        said = f"{' '.join(argv[2:4])} did not end well within {PREPARE_S:g} s"
        raise TrialFailed(f"{said}: {child.tail()[-500:] or child.died()}")


def models_beside(executable: str) -> Path:
    """SQLAlchemy beside the cell, on the path of trials that want it. Raises TrialFailed."""
    folder = Path(executable).parent.parent / MODELS
    if not folder.is_dir():
        raise TrialFailed(f"the cell has no {folder}: build it by nox")
    return folder
