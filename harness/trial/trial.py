"""One trial, from a fresh broker to a stored row. Whatever happens, it leaves a row.

broker → workers and producers → readiness → the scenario's load → accounting → settings read
back → everything stopped → rows.
"""

import hashlib
import os
import signal
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from harness.cli.matrix import MODELS, MODELS_LOCK
from harness.machine import environment
from harness.measure import validity as checks
from harness.measure.accounting import account
from harness.measure.metrics import Metric, accounting_metrics
from harness.measure.recorded import Records
from harness.measure.sampler import Sampler
from harness.scenario.run import READY_S, Run
from harness.store.database import Row, ingest, spool_trial
from harness.store.redact import redacted
from harness.trial import rows
from harness.trial.plan import GAP, Outcome, Setup, TrialPlan
from harness.trial.profilers.profilers import (
    PROFILERS,
    Profiled,
    Profiler,
    ProfilerUnavailable,
    unavailable_row,
)
from infrastructure import docker
from infrastructure.api import start_api
from infrastructure.errors import DatabaseBusy, TrialFailed, UsageError
from infrastructure.processes.child import Child, cell_environment, start
from infrastructure.processes.folder import TrialFolder, end_processes, spool_of
from infrastructure.root import ROOT
from infrastructure.service import Broker, answers, start_on_free_port

GRACE_S = 15.0
GRACE_FAILED_S = 2.0
PREPARE_S = 60.0
WORK = ("tasks/bodies.py", "tasks/load.py", "tasks/sending.py")  # that trials of all arms have done
UNFINISHED = "the harness ended before the trial did"
INTERRUPTED = "interrupted"


@dataclass
class Collected:
    """What a trial has gathered so far; kept whatever happens next."""

    metrics: list[Metric] = field(default_factory=list)
    void: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    profiled: Profiled = field(default_factory=Profiled)
    asked: dict[str, Any] = field(default_factory=dict)
    readings: list[dict[str, Any]] = field(default_factory=list)
    sampler: Sampler | None = None
    children: list[Child] = field(default_factory=list)


def run_trial(bench: Setup, plan: TrialPlan) -> Outcome:
    """Carry a trial out and store it. Only KeyboardInterrupt and storage errors come out of it."""
    row = trial_row(bench, plan)
    folder = TrialFolder.create(
        spool_of(bench.database),
        plan.trial_id,
        {"trial": row, "experiment": bench.experiment},
    )
    begin = time.monotonic()
    collected = Collected()
    interrupted, defect = False, ""
    refusal: UsageError | None = None
    try:
        row["status"], row["reason"] = carry_out(bench, plan, folder, row, collected)
    except KeyboardInterrupt:
        interrupted = True
        row["reason"] = INTERRUPTED
    except UsageError as error:  # a given server that turned out not to be empty: ends the session
        row["reason"] = str(error)
        refusal = error
    except ProfilerUnavailable as error:
        row["reason"] = str(error)
        collected.profiled.profiles.append(unavailable_row(plan.trial_id, plan.purpose, str(error)))
    except TrialFailed as error:
        row["status"], row["reason"] = error.status, str(error)
    except Exception as error:  # noqa: BLE001  a defect of ours is a failed trial too
        row["reason"] = f"{type(error).__name__}: {error}"
        defect = traceback.format_exc()
    with undisturbed():
        end_processes(folder.path)  # whatever an interrupted clean-up left
        for child in collected.children:
            child.collect()
        row["duration_s"] = time.monotonic() - begin
        collected.remarks += docker.remarks(folder.path)
        row["remarks"] = "; ".join(collected.remarks) or None
        if row["status"] != "ok":
            row["log_tail"] = log_tail(collected.children, folder.path / docker.LOG) + defect
        store(bench, plan, folder, row, collected)
    if interrupted:
        raise KeyboardInterrupt
    if refusal:
        raise refusal
    return Outcome(
        row,
        {m.name: m.value for m in collected.metrics if isfinite(m.value)},
        environment.flags(collected.environment),
    )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold Ctrl-C and the like back until what must be finished is finished."""
    held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def trial_row(bench: Setup, plan: TrialPlan) -> Row:
    """The row as it stands if this process dies now."""
    arm, description = bench.arm, bench.description(plan)
    topology = description.topology
    return {
        "trial_id": plan.trial_id,
        "experiment_id": bench.experiment["experiment_id"],
        "block": plan.block,
        "position": plan.position,
        "arm_number": bench.number,
        "variant": str(arm.options.get("variant", "")),
        "scenario": plan.scenario.name,
        "point": plan.point.label,
        "point_number": plan.point.number,
        "load_fraction": plan.point.fraction,
        "capacity": plan.point.capacity,
        "framework": arm.framework,
        "framework_version": arm.version,
        "python_version": description.build["python_version"],
        "broker": arm.broker.label,
        "provider": arm.broker.provider,
        "broker_version": None,
        "broker_config_hash": None,
        "topology_profile": arm.profile,
        "topology_source": description.source,
        "processes": topology.processes if topology else None,
        "concurrency": topology.concurrency if topology else None,
        "prefetch": topology.prefetch if topology else None,
        "acks": topology.acks if topology else None,
        "purpose": plan.purpose,
        "seed": plan.seed,
        "workload_hash": workload_hash(plan),
        "lock_hash": arm.lock_hash,
        "status": "failed",
        "reason": UNFINISHED,
        "remarks": None,
        "log_tail": None,
        "started_at": datetime.now(UTC).isoformat(),
        "duration_s": None,
    }


def hash_seed(plan: TrialPlan) -> int:
    """PYTHONHASHSEED of the trial's processes, from the trial's seed."""
    return plan.seed % 2**32


def workload_hash(plan: TrialPlan) -> str:
    """What the load was: scenario and load code, and the point's numbers without its capacity.

    Of the bodies those modules that the scenario names, so that work on one leaves the others
    comparable with what was measured before.
    """
    point = plan.point
    digest = hashlib.sha256(
        repr((point.size, point.label, point.fraction, point.options, point.wants)).encode()
    )
    for file in (f"scenarios/{plan.scenario.name}.py", *WORK, *plan.scenario.work):
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()


def carry_out(
    bench: Setup, plan: TrialPlan, folder: TrialFolder, row: Row, collected: Collected
) -> tuple[str, str | None]:
    """Everything between the folder and the rows, filling ``row`` and ``collected``; status and
    reason.
    """
    if gap := bench.description(plan).gap:
        return GAP, gap
    collected.environment = bench.machine | bench.description(plan).build
    collected.environment["hash_seed"] = str(hash_seed(plan))
    collected.environment |= environment.wait_idle(plan.point.size.idle_gate_s)
    collected.environment |= environment.calibrate()
    surroundings = environment.Surroundings()
    own = psutil.Process().cpu_times()
    with running(bench, plan, folder, row, collected) as run:
        run.ready()
        plan.scenario.drive(run, plan.point, np.random.default_rng(plan.seed))
        collected.environment["producer_real_time"] = run.real_time
        usages = run.sampler.look()
        now = psutil.Process().cpu_times()
        used = sum(u.cpu_s for u in usages.values()) + now.user + now.system - own.user - own.system
        collected.environment |= surroundings.since(used)
    judge(plan, folder, run, collected)
    return "invalid" if collected.void else "ok", "; ".join(collected.void) or None


def judge(plan: TrialPlan, folder: TrialFolder, run: Run, collected: Collected) -> None:
    """Metrics, what voids the trial, and what is worth a remark."""
    measures = plan.scenario.measure(run, plan.point, Records.read(folder.records))
    collected.metrics += measures.metrics
    # A profiler changes the timing, so timing cannot void its pass.
    (collected.remarks if plan.purpose in PROFILERS else collected.void).extend(measures.void)
    collected.asked |= {name: asked for name, asked, _ in run.proofs}
    seen = {name: value for name, _, value in run.proofs}
    collected.readings.append({"pid": None, "source": "gate", **seen})
    collected.void += checks.settings_differences(collected.asked, collected.readings)
    if run.sampler.error:
        collected.void.append(run.sampler.error)
    if run.left_in_broker:
        collected.remarks.append(
            f"{run.left_in_broker} task(s) still at the broker after the drain"
        )
    collected.metrics.append(Metric("left_in_broker", run.left_in_broker or 0, "tasks"))
    collected.remarks += measures.remarks + environment.flags(collected.environment)


@contextmanager
def running(
    bench: Setup, plan: TrialPlan, folder: TrialFolder, row: Row, collected: Collected
) -> Iterator[Run]:
    """Broker, workers, producers and sampler of a trial; all stopped at the end, in every case."""
    description = bench.description(plan)
    begin = time.monotonic()
    with ExitStack() as stack:
        durable = bool(plan.point.options.get("durable"))
        broker = bench.arm.broker.start(folder, bench.arm.options, description.keys, durable)
        stack.callback(broker.stop)
        row["broker_version"], row["broker_config_hash"] = broker.version, broker.config_hash
        if broker.process:
            collected.children.append(broker.process)
        broker.create(description.queues)
        collected.asked = description.asked_on(broker.url)
        collected.metrics.append(Metric("setup_broker", time.monotonic() - begin, "s"))
        sampler = collected.sampler = Sampler(lambda: broker.depth(description.depth))
        stack.enter_context(bench.watch.following(bench, plan, folder.records, sampler))
        stack.callback(lambda: stop_all(clients(collected.children), GRACE_FAILED_S))
        stack.callback(sampler.stop)
        profiler = make_profiler(bench, plan, folder)
        api = start_beside(plan, folder, collected)
        run = assemble(bench, plan, folder, broker, sampler, profiler, collected, api)
        try:
            yield run
            collected.metrics += phase_metrics(run)
        finally:
            collected.readings = run.readings()
        sampler.stop()
        ending = time.monotonic()
        collected.remarks += stop_all(clients(collected.children), GRACE_S)
        collected.metrics.append(Metric("teardown", time.monotonic() - ending, "s"))
    if profiler:
        collected.profiled = profiler.collect()


def phase_metrics(run: Run) -> list[Metric]:
    """How long the trial's phases took: workers started to ready, ready to drained."""
    seconds = (run.marks["ready"] - run.marks["started"]) / 1e9
    found = [Metric("start_to_ready", seconds, "s")]
    if "drained" in run.marks:
        seconds = (run.marks["drained"] - run.marks["ready"]) / 1e9
        found.append(Metric("ready_to_drained", seconds, "s"))
    return found


def make_profiler(bench: Setup, plan: TrialPlan, folder: TrialFolder) -> Profiler | None:
    if plan.purpose not in PROFILERS:
        return None
    return PROFILERS[plan.purpose](plan.trial_id, folder, bench.profiles / plan.trial_id)


def assemble(
    bench: Setup,
    plan: TrialPlan,
    folder: TrialFolder,
    broker: Broker,
    sampler: Sampler,
    profiler: Profiler | None,
    collected: Collected,
    api: str,
) -> Run:
    """Start workers and producers side by side; returns when the producers are connected."""
    arm, description = bench.arm, bench.description(plan)
    path, wants = folder.path / "spec.json", plan.point.wants
    spec = arm.spec(plan.scenario.name, broker.url, folder.records, wants, api)
    spec.write(path)
    # A process that is killed leaves its temporary files: they go with the trial's folder.
    temporary = folder.path / "tmp"
    temporary.mkdir()
    cell = cell_environment(path, hash_seed(plan)) | {"TMPDIR": str(temporary)}
    if "model" in wants:
        cell["PYTHONPATH"] += os.pathsep + str(models_beside(arm.executable))
        collected.environment["models_lock"] = hashlib.sha256(MODELS_LOCK.read_bytes()).hexdigest()

    def begin(argv: Sequence[str], role: str, name: str, **more: Any) -> Child:
        child = start(argv, role, folder, {**cell, **more.pop("env", {})}, name, **more)
        collected.children.append(child)
        sampler.watch(role, child.pid)
        return child

    def module(*words: str) -> list[str]:
        return [arm.executable, "-m", *words]

    told = description.environment_on(broker.url)
    for command in description.before:
        prepare(module(*command), cell | told, folder)

    def start_workers(env: Mapping[str, str], places: Sequence[int] | None) -> list[Child]:
        commands = [module(*command) for command in description.workers]
        seen = {**told, **env}
        return [
            begin(
                profiler.command(argv, i) if profiler else argv, "workers", f"worker-{i}", env=seen
            )
            for i, argv in enumerate(commands)
            if places is None or i in places
        ]

    for child in collected.children:  # broker, mock API
        sampler.watch(child.role, child.pid)
    beside: list[Child] = []
    facts: dict[str, float] = {}
    if wants.get("web"):
        asked = time.monotonic()
        web, address = start_web(lambda port: begin(module("tasks.web", str(port)), "web", "web"))
        facts["web_start"] = time.monotonic() - asked
        replace(spec, web=address).write(path)  # for those that come after it
        beside.append(web)
    if wants.get("events"):
        beside.append(begin(module("tasks.listen"), "listener", "listener", piped=True))
    started_ns = time.monotonic_ns()
    workers = start_workers({}, None)
    producers = [
        begin(module("tasks.load", str(index)), "producer", f"producer-{index}", piped=True)
        for index in range(plan.scenario.producers)
    ]
    run = Run(
        folder, description.workers_topology, description.depth, broker, workers, producers,
        sampler, profiler, arm.executable, start_workers, collected.children.append, beside,
        description.lingers_s,
    )  # fmt: skip
    run.facts |= facts
    run.marks["started"] = started_ns
    sampler.start()
    for child in (*producers, *(b for b in beside if b.process.stdin)):
        run.hear(child, READY_S)
    return run


def prepare(argv: Sequence[str], cell: Mapping[str, str], folder: TrialFolder) -> None:
    """Run a command of the framework to its end, before anything else of it. Raises TrialFailed."""
    # An address that is folded to fit a line is not known as one when passwords are cut.
    child = start(argv, "preparation", folder, {**cell, "COLUMNS": "1000"}, "preparation")
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


def start_web(begin: Callable[[int], Child]) -> tuple[Child, str]:
    """Start the cell's web application on a free port; it and its address. Raises TrialFailed."""

    def answering(port: int, child: Child) -> tuple[Child, str] | None:
        return (child, f"http://127.0.0.1:{port}") if answers(port) else None

    return start_on_free_port(begin, answering, "the web application")


def start_beside(plan: TrialPlan, folder: TrialFolder, collected: Collected) -> str:
    """Start the mock API where the scenario wants it; its address."""
    if "api" not in plan.scenario.services:
        return ""
    child, address = start_api(folder, plan.point.options.get("api", {}))
    collected.children.append(child)
    return address


def clients(children: list[Child]) -> list[Child]:
    """Everything that needs the broker, to be ended before it."""
    return [child for child in children if child.role != "broker"]


def stop_all(children: list[Child], grace_s: float) -> list[str]:
    """End children side by side; a sentence about each that had to be killed."""
    for child in children:
        child.ask_to_end()
    return [
        f"the {child.role} process {child.pid} did not end within {grace_s:g} s and was killed"
        for child in children
        if not child.stop(grace_s=grace_s)
    ]


def log_tail(children: list[Child], contained: Path) -> str:
    """The ends of the logs of everything but silent processes, for the trial's row; of a broker
    that it was silent too. ``contained``: the log of one in a container, if there was one.
    """
    tails = [(c.role, f"{c.pid} ({c.log.name})", c.tail().strip()) for c in children]
    if contained.exists():
        tails.insert(0, ("broker", f"({contained.name})", contained.read_text().strip()))
    return "\n".join(
        f"── {role} {what}\n{tail or '(nothing)'}"
        for role, what, tail in tails
        if tail or role == "broker"
    )


def store(
    bench: Setup, plan: TrialPlan, folder: TrialFolder, row: Row, collected: Collected
) -> None:
    """Spool the rows, ingest them in one transaction, remove the folder."""
    trial_id = plan.trial_id
    phases = Records.phases(folder.records)
    load = phases["load"]
    if row["status"] == "failed" and len(load.sends):
        collected.metrics += accounting_metrics(account(load))  # what a failure cost
    sampler = collected.sampler
    tables = {
        **rows.recorded_tables(trial_id, folder.path, phases),
        "resource_sample": rows.usage_rows(trial_id, sampler.usages if sampler else []),
        "depth_sample": rows.depth_rows(trial_id, sampler.depths if sampler else []),
        "metric": rows.metric_rows(trial_id, collected.metrics),
        "setting": rows.setting_rows(trial_id, collected.asked, collected.readings),
        "profile": collected.profiled.profiles,
        "stack": collected.profiled.stacks,
        "allocation": collected.profiled.allocations,
        "environment": rows.environment_rows(trial_id, collected.environment),
        "package": package_rows(bench, plan),
    }
    for name in ("reason", "remarks", "log_tail"):
        row[name] = redacted(row[name]) if row[name] else None
    spool_trial(folder.path, {"trial": row, "experiment": bench.experiment}, tables)
    try:
        ingest(bench.database, folder.path)
    except DatabaseBusy:
        folder.release()  # the end of the session, or the next start, stores it
    else:
        folder.remove()


def package_rows(bench: Setup, plan: TrialPlan) -> list[Row]:
    description = bench.description(plan)
    key = {
        "experiment_id": bench.experiment["experiment_id"],
        "framework": bench.arm.framework,
        "framework_version": bench.arm.version,
        "python_version": description.build["python_version"],
    }
    return [{**key, "name": n, "version": v} for n, v in sorted(description.packages.items())]
