"""Starting a trial: broker, what stands beside it, workers and producers; ended in every case."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from harness.measure.sampler import Sampler
from harness.scenario.run import READY_S, Run
from harness.trial.processes import Processes
from harness.trial.stopping import GRACE_FAILED_S, stop_clients
from harness.trial.trial import Trial
from infrastructure.api import start_api
from infrastructure.service import Broker


@contextmanager
def started(trial: Trial) -> Iterator[Run]:
    """A run whose producers are connected and whose workers are starting. Raises TrialFailed."""
    with broker_of(trial) as broker, sampled(trial, broker) as sampler:
        processes = Processes(trial, broker, sampler, mock_api(trial))
        processes.prepare()
        run = begin_run(trial, broker, processes)
        try:
            yield run
        finally:
            trial.readings = run.readings()


@contextmanager
def broker_of(trial: Trial) -> Iterator[Broker]:
    """The trial's own broker, with the queues that the framework expects."""
    begin = time.monotonic()
    arm, description = trial.setup.arm, trial.description
    durable = bool(trial.plan.point.options.get("durable"))
    broker = arm.broker.start(trial.folder, arm.options, description.keys, durable)
    try:
        trial.row.broker_version = broker.version
        trial.row.broker_config_hash = broker.config_hash
        if broker.process:
            trial.children.append(broker.process)
        broker.create(description.queues)
        trial.asked = description.asked_on(broker.url)
        trial.add("setup_broker", time.monotonic() - begin, "s")
        yield broker
    finally:
        broker.stop()


@contextmanager
def sampled(trial: Trial, broker: Broker) -> Iterator[Sampler]:
    """What samples the trial's processes, which are ended before it is left."""
    names = trial.description.depth
    sampler = trial.sampler = Sampler(lambda: broker.depth(names))
    watch, records = trial.setup.watch, trial.folder.records
    with ExitStack() as stack:
        stack.enter_context(watch.following(trial.setup, trial.plan, records, sampler))
        stack.callback(stop_clients, trial, GRACE_FAILED_S)
        stack.callback(sampler.stop)
        yield sampler


def mock_api(trial: Trial) -> str:
    """Start the mock API where the scenario wants it; its address."""
    if "api" not in trial.plan.scenario.services:
        return ""
    child, address = start_api(trial.folder, trial.plan.point.options.get("api", {}))
    trial.children.append(child)
    return address


def begin_run(trial: Trial, broker: Broker, processes: Processes) -> Run:
    """Start workers and producers side by side; returns when the producers are connected."""
    description, sampler = trial.description, processes.sampler
    for child in trial.children:  # broker, mock API
        sampler.watch(child.role, child.pid)
    facts, beside = processes.start_beside()
    started_ns = time.monotonic_ns()
    workers = processes.start_workers({}, None)
    producers = processes.start_producers()
    run = Run(
        trial.folder, description.workers_topology, description.depth, broker, workers, producers,
        sampler, trial.profiler, trial.setup.arm.executable, processes.start_workers,
        trial.children.append, beside, description.lingers_s,
    )  # fmt: skip
    run.facts |= facts
    run.partner = trial.partner
    run.partner.tell(lambda: {role: usage.cpu_s for role, usage in sampler.look().items()})
    run.marks["started"] = started_ns
    sampler.start()
    for child in (*producers, *(b for b in beside if b.process.stdin)):
        run.hear(child, READY_S)
    return run
