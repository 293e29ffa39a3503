"""PgQueuer: coroutine entrypoints on PostgreSQL by its own command line; a process a command.

A worker picks jobs in batches, woken by NOTIFY, and runs all it has picked; it takes two at a time
at least, since ``--max-concurrent-tasks`` may not be under twice the batch. Without that option it
runs every job there is, so that nothing could be loaded before a drain: in the profile ``default``
the entrypoint has a limit, over all workers. Its queues are entrypoints, without an order; in every
profile but ``default`` urgency is a job's priority. A job's row is deleted at its end, by up to
0.1 s later for a batch that is not full, and logged in another table. A payload is bytes, which the
program makes: here JSON. A worker has one connection, a producer a pool, as its documentation says.

Settings are read from the variables of the running ``QueueManager.run``.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Job, PgQueuer, Queries
from pgqueuer.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutor

from tasks import live, plugins
from tasks.adapter import Gap, Launch
from tasks.as_bytes import as_bytes, from_bytes
from tasks.probe import Probe, Settings
from tasks.profiles import (
    MATCHED_SOURCE,
    STOCK,
    coroutine_topology,
    queues_of,
    refuse,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

TUNING = "https://janbjorge.github.io/pgqueuer/guides/performance-tuning/"
CORES = usable_cores()
LEAST = 2  # tasks at a time
STOCK_LIMIT = 100
PROFILES = {
    "matched": Topology(processes=2, concurrency=LEAST, prefetch=2 * LEAST, acks="late"),
    "default": Topology(1, STOCK_LIMIT, STOCK_LIMIT, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=100 * CORES, acks="late"),
}
BATCHES = {"default": 10, "tuned": 20}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}; but two tasks a process, the least that it takes",
    "default": "pgq run FACTORY with no options: batches of 10; its number of tasks in flight, "
    f"which has no limit, is held to {STOCK_LIMIT} by the entrypoint",
    "tuned": f"{TUNING}: batches of 20, 100 tasks at a time, pgq autovac; a process a core",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {"events": "PgQueuer tells that its table has changed, not which task"}
FACTS = {
    "results": "no",
    "retries": "off by default; by raising RetryRequested(delay), or exponential",
    "delay": "yes",
    "priority": "yes, of a job",
    "cron": "yes, schedules",
    "events": "no stream; NOTIFY of each change of its table",
    "send": "async",
    "batches": "yes, enqueue takes lists",
    "acknowledgement": "after, in batches",
    "redelivery": "yes, 30 s after a job's last heartbeat by default",
    "licence": "MIT",
}
USUAL, RETRIES = "execute", 5
PLUGIN = "async def plugin_{n}(job):\n    return job.payload\n"

spec = read_spec()


def topology_of(spec: Spec) -> Topology:
    """No process has less than two tasks at a time."""
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{STOCK}: how many tasks it runs is the entrypoint's matter")
    if spec.wants.get("reserved", LEAST) < LEAST:
        raise Gap("a PgQueuer worker takes two tasks at a time, or more")
    found = coroutine_topology(spec, PROFILES[spec.profile])
    each = max(found.concurrency, LEAST)
    return Topology(found.processes, each, found.processes * each, found.acks)


def refuse_all(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    refuse(spec, WANTS, GAPS)
    if spec.wants.get("serializer", "json") != "json" or spec.wants.get("model") == "whole":
        raise Gap("PgQueuer carries bytes; what serializes them is not its own")
    if spec.wants.get("acks", "late") != "late":
        raise Gap("a job of PgQueuer's is done when it has ended, always")


def options_of(spec: Spec) -> dict[str, Any]:
    """What ``pgq run`` is given: nothing by the profile ``default``."""
    found: dict[str, Any] = {}
    if spec.profile != "default":
        most = topology_of(spec).concurrency
        batch = BATCHES.get(spec.profile, 1) if most >= 2 * BATCHES.get(spec.profile, 1) else 1
        found = {"batch_size": batch, "max_concurrent_tasks": most}
    if "redeliver_s" in spec.wants:
        found["heartbeat_timeout"] = float(spec.wants["redeliver_s"])
    return found


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    refuse_all(spec)
    topology, options = topology_of(spec), options_of(spec)
    words = [
        word
        for name, value in options.items()
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    count = "SELECT count(*) FROM pgqueuer WHERE entrypoint = '{}' AND status = "
    queues = queues_of(spec, USUAL)
    before = [["pgqueuer", "install"], ["pgqueuer", "autovac"]]
    return Launch(
        workers=[["pgqueuer", "run", f"{__name__}:factory", *words]] * topology.processes,
        before=before if spec.profile == "tuned" else before[:1],
        environment={"PGDSN": BROKER_URL},
        topology=topology,
        asked={
            "batch_size": BATCHES["default"],
            "max_concurrent_tasks": None,
            "heartbeat_timeout": 30.0,
            "entrypoints": ",".join(sorted(queues)),
            "limit": limit_of(spec),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("pgqueuer"),
            **options,
        },
        depth={
            "pending": [f"{count}'queued' AND execute_after <= now()".format(q) for q in queues],
            "in_flight": [f"{count}'picked'".format(q) for q in queues],
            "delayed": [f"{count}'queued' AND execute_after > now()".format(q) for q in queues],
        },
        source=SOURCES[spec.profile],
        keys=["pgqueuer*", "fn_pgqueuer*"],
    )


def limit_of(spec: Spec) -> int:
    """Of tasks in flight of an entrypoint, over all workers; 0 is none."""
    return STOCK_LIMIT if spec.profile == "default" else 0


def read_back() -> Settings:
    running = live.arguments("QueueManager.run")
    registry = running["self"].entrypoint_registry
    return {
        "batch_size": running["batch_size"],
        "max_concurrent_tasks": running["max_concurrent_tasks"],
        "heartbeat_timeout": running["heartbeat_timeout"].total_seconds(),
        "dequeue_timeout": running["dequeue_timeout"].total_seconds(),
        "entrypoints": ",".join(sorted(registry)),
        "limit": max(each.parameters.concurrency_limit for each in registry.values()),
        "broker_url": address(within.connection),
        "framework_version": metadata.version("pgqueuer"),
    }


def address(connection: Any) -> str:
    """Where a connection of asyncpg's leads to; it says so nowhere else."""
    (host, port), known = connection._addr, connection._params  # noqa: SLF001
    return live.database_address(spec.broker_url, host, port, known.user, known.database)


class Producer:
    """``enqueue()``: over a pool of its own, or over the connection of the worker it runs in."""

    loop_factory = staticmethod(uvloop.new_event_loop)  # as its command line takes

    def __init__(self) -> None:
        self.connection: Any = None
        self.queries: Any = None

    async def open(self) -> None:
        self.connection = await asyncpg.create_pool(spec.broker_url)
        self.queries = Queries(AsyncpgPoolDriver(self.connection))

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        after = timedelta(seconds=delay_s) if delay_s else None
        name, payload = queue or USUAL, as_bytes(seq, kind, arg)
        (job_id,) = await self.queries.enqueue(name, payload, priority_of(queue), after)
        return str(job_id)

    async def close(self) -> None:
        await self.connection.close()


def priority_of(queue: str) -> int:
    """The most urgent queue's jobs have the highest; all alike where the stock way is asked."""
    queues = queues_of(spec)
    return len(queues) - queues.index(queue) if queue and spec.profile != "default" else 0


within = Producer()  # what tasks send further ones with
probe = Probe(spec, read_back, within)


async def execute(job: Job) -> None:
    await probe.run_async(*from_bytes(job.payload))


async def threaded(job: Job) -> None:
    """Its way for functions that block."""
    await asyncio.to_thread(probe.run, *from_bytes(job.payload))


def executor(parameters: Any) -> EntrypointExecutor:
    """Its own, or the one that tries again after the wanted time, twice as long each time."""
    if "retry_s" not in spec.wants:
        return EntrypointExecutor(parameters)
    first = timedelta(seconds=spec.wants["retry_s"])
    return DatabaseRetryEntrypointExecutor(
        parameters, max_attempts=RETRIES, initial_delay=first, max_delay=timedelta(hours=1)
    )


@asynccontextmanager
async def factory() -> AsyncIterator[PgQueuer]:
    """What ``pgq run`` is pointed to."""
    within.connection = await asyncpg.connect(spec.broker_url)
    manager = PgQueuer(AsyncpgDriver(within.connection))
    within.queries = manager.qm.queries
    for name in queues_of(spec, USUAL):
        manager.entrypoint(name, concurrency_limit=limit_of(spec), executor_factory=executor)(
            threaded if "threads" in spec.wants else execute
        )
    if count := spec.wants.get("plugins", 0):
        for module in plugins.load(Path(spec.records), count, PLUGIN):
            manager.entrypoint(module.__name__)(getattr(module, module.__name__))
    yield manager
    await within.connection.close()


def producer(_spec: Spec) -> Producer:
    return Producer()
