"""Starting a trial: broker, what stands beside it, workers and producers; ended in every case."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from harness.machine.cores import cores
from harness.measure.sampler import Sampler
from harness.scenario.cell import CellPython
from harness.scenario.point import ROUND_TRIP
from harness.scenario.queues import Queues
from harness.scenario.run import READY_S, Run
from harness.scenario.seats import PINNED
from harness.scenario.workers import Workers
from harness.trial.far.host import FarHost
from harness.trial.far.hosts import hosted
from harness.trial.starter import Starter
from harness.trial.stopping import GRACE_FAILED_S, stop_clients
from harness.trial.timekeeper import Timekeeper, timekeeping
from harness.trial.trial import Trial
from infrastructure.api import start_api
from infrastructure.errors import TrialFailed
from infrastructure.network.link import Link, start_link
from infrastructure.processes.child import reaped_cpu_s
from infrastructure.redact import keep_secrets_of
from infrastructure.service import Broker


@contextmanager
def started(trial: Trial) -> Iterator[Run]:
    """A run whose producers are connected and whose workers are starting. Raises TrialFailed."""
    with (
        hosted(trial) as hosts,
        broker_of(trial) as broker,
        linked(trial, broker) as link,
        timekeeping(trial) as keeper,
        sampled(trial, broker) as sampler,
    ):
        if hosts:
            sampler.elsewhere = hosts.look
        url = link.url if link else broker.url
        trial.asked = trial.description.asked_on(url)
        starter = Starter(trial, url, sampler, mock_api(trial))
        starter.prepare()
        run = begin_run(trial, broker, starter, link)
        keep_time(trial, run, keeper)
        if hosts:
            hosts.join(run, trial.folder.records, trial.setup.arm.places.workers)
        try:
            yield run
            hosts.bring()
        except BaseException:
            with suppress(TrialFailed):  # what can be had of one that failed
                hosts.bring()
            raise
        finally:
            trial.readings = readings(trial.folder.records)


def keep_time(trial: Trial, run: Run, keeper: Timekeeper) -> None:
    """Producers are told by their own clock; a host that is lost ends the trial."""
    producer = trial.setup.arm.places.producer.name
    run.producers.clock = lambda here_ns: keeper.there(producer, here_ns)
    run.processes.hosts = keeper.check


@contextmanager
def broker_of(trial: Trial) -> Iterator[Broker]:
    """The trial's own broker, with the queues that the framework expects."""
    begin = time.monotonic()
    arm, description = trial.setup.arm, trial.description
    durable = bool(trial.plan.point.options.get("durable"))
    far = arm.places.broker.far
    if isinstance(far, FarHost):
        broker: Broker = far.start_broker(
            arm.broker, trial.folder, arm.options, description.keys, durable
        )
    else:
        broker = arm.broker.start(trial.folder, arm.options, description.keys, durable)
    keep_secrets_of(broker.url)  # one of ours has a random one
    try:
        trial.row.broker_version = broker.version
        trial.row.broker_config_hash = broker.config_hash
        if broker.process:
            trial.children.append(broker.process)
        broker.create(description.queues)
        trial.add("setup_broker", time.monotonic() - begin, "s")
        yield broker
    finally:
        broker.stop()


@contextmanager
def linked(trial: Trial, broker: Broker) -> Iterator[Link | None]:
    """The network that the point puts before the broker, until all who need it have ended; None
    where it puts none there. Raises BrokerGap.
    """
    asked = trial.plan.point.options.get(ROUND_TRIP)
    if asked is None:
        yield None
        return
    link = start_link(trial.folder, broker.url, float(asked))
    trial.children.append(link.child)
    try:
        yield link
    finally:
        link.child.stop()


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


def readings(records: Path) -> list[dict[str, Any]]:
    """What the running workers said of themselves."""
    files = sorted(records.glob("settings-*.json"))
    return [json.loads(path.read_text()) for path in files]


def mock_api(trial: Trial) -> str:
    """Start the mock API where the scenario wants it; its address."""
    if "api" not in trial.plan.scenario.services:
        return ""
    child, address = start_api(trial.folder, trial.plan.point.options.get("api", {}))
    trial.children.append(child)
    return address


def begin_run(trial: Trial, broker: Broker, starter: Starter, link: Link | None) -> Run:
    """Start workers and producers side by side; returns when the producers are connected."""
    description, sampler = trial.description, starter.sampler
    for child in trial.children:  # broker, network, mock API
        sampler.watch(child.role, child.pid)
    beside, web_start_s = starter.start_beside()
    trial.reaped_s = reaped_cpu_s()
    started_ns = time.monotonic_ns()
    children = starter.start_workers({}, None)
    producers = starter.start_producers()
    run = Run(
        trial.folder,
        description.workers_topology,
        broker,
        Queues(broker, description.depth, description.dead, varies=description.varies),
        Workers(children, starter.start_workers, sampler, description.lingers_s),
        producers,
        sampler,
        CellPython(trial.setup.arm.executable, starter.spec_path),
        beside,
        trial.profiler,
        trial.children.append,
        trial.partner,
    )
    trial.partner.tell(lambda: {role: usage.cpu_s for role, usage in sampler.look().items()})
    run.marks["started"] = started_ns
    run.fitted = trial.setup.fitted
    run.seats = cores() if trial.plan.point.options.get(PINNED) else None
    if link:
        run.put_beyond(link)
    if web_start_s is not None:
        run.facts["web_start"] = web_start_s
    sampler.start()
    for child in (*producers, *(b for b in beside if b.process.stdin)):
        run.processes.hear(child, READY_S)
    return run
