"""PgQueuer: coroutine entrypoints on PostgreSQL by its command line; a process a command.

A worker picks jobs in batches, woken by NOTIFY, and runs all it has picked: two at least, since
``--max-concurrent-tasks`` may not be under twice the batch. Without that option it runs every job
there is, so that no backlog could be loaded: in the profile ``default`` the entrypoint has a limit,
over all workers. Queues are entrypoints, without an order: in the other profiles urgency is a job's
priority. A job's row is deleted at its end, by up to 0.1 s later where a batch is not full, and
logged elsewhere. A payload is bytes that the program makes: here JSON. A worker has a connection, a
producer a pool, as its documentation says.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Job, PgQueuer, Queries
from pgqueuer.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutor

from tasks import live, plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_bytes import as_bytes, from_bytes
from tasks.probe import Probe, Settings
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = profiles.usable_cores()
LEAST, STOCK_LIMIT = 2, 100  # tasks at a time
PROFILES = {
    "matched": Topology(processes=2, concurrency=LEAST, prefetch=2 * LEAST, acks="late"),
    "default": Topology(1, STOCK_LIMIT, STOCK_LIMIT, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=100 * CORES, acks="late"),
}
BATCHES = {"matched": 1, "default": 10, "tuned": 20}
TUNING = "https://janbjorge.github.io/pgqueuer/guides/performance-tuning"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; but two tasks a process, the least that it takes",
    "default": "pgq run FACTORY with no options: batches of 10; its tasks in flight, which have no "
    f"limit, are held to {STOCK_LIMIT} by the entrypoint",
    "tuned": f"{TUNING}: batches of 20, 100 tasks at a time, pgq autovac; a process a core",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {"events": "PgQueuer tells that its table has changed, not which task"}
FACTS = {
    "results": "no",
    "retries": "none by default; where a job asks, after a delay, or exponential",
    "delay": "yes",
    "priority": "yes, of a job",
    "cron": "yes",
    "events": "no; NOTIFY of each change of its table",
    "send": "async",
    "batches": "yes",
    "acknowledgement": "after, in batches",
    "redelivery": "yes, 30 s after a job's last heartbeat by default",
    "licence": "MIT",
}
COUNT = "SELECT count(*) FROM pgqueuer WHERE entrypoint = '{}' AND status = "
PLUGIN = "async def plugin_{n}(job):\n    return job.payload\n"

spec = read_spec()
limit = STOCK_LIMIT if spec.profile == "default" else 0  # of an entrypoint, over all workers


def topology_of(spec: Spec) -> Topology:
    """No process has less than two tasks at a time."""
    if spec.wants.get("reserved", LEAST) < LEAST:
        raise Gap("a PgQueuer worker takes two tasks at a time, or more")
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    each = max(found.concurrency, LEAST)
    return replace(found, concurrency=each, prefetch=found.processes * each)


def options_of(spec: Spec) -> dict[str, Any]:
    """What ``pgq run`` is told; nothing by the profile ``default``."""
    found: dict[str, Any] = {}
    if spec.profile != "default":
        most = topology_of(spec).concurrency
        found = {
            "batch_size": min(BATCHES[spec.profile], most // 2), "max_concurrent_tasks": most,
        }  # fmt: skip
    if "redeliver_s" in spec.wants:
        found["heartbeat_timeout"] = float(spec.wants["redeliver_s"])
    return found


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    profiles.refuse_all_but_late_json(spec, "PgQueuer")
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{profiles.STOCK}: it takes more tasks than it has threads")
    topology, options = topology_of(spec), options_of(spec)
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    queues, before = profiles.queues_of(spec), [["pgqueuer", "install"], ["pgqueuer", "autovac"]]
    return Launch(
        workers=[["pgqueuer", "run", f"{__name__}:factory", *words]] * topology.processes,
        before=before if spec.profile == "tuned" else before[:1],
        environment={"PGDSN": BROKER_URL},
        topology=topology,
        asked={
            "batch_size": BATCHES["default"],
            "max_concurrent_tasks": None,
            "heartbeat_timeout": 30.0,
            "entrypoints": dict.fromkeys(queues, limit),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("pgqueuer"),
            **options,
        },
        depth={
            "pending": [f"{COUNT}'queued' AND execute_after <= now()".format(q) for q in queues],
            "in_flight": [f"{COUNT}'picked'".format(q) for q in queues],
            "delayed": [f"{COUNT}'queued' AND execute_after > now()".format(q) for q in queues],
        },
        source=SOURCES[spec.profile],
        keys=["pgqueuer*", "fn_pgqueuer*"],
    )


def read_back() -> Settings:
    """Of what the running worker was called with, and of the connection that it has."""
    running, connection = live.arguments("QueueManager.run"), within.connection
    registry = running["self"].entrypoint_registry
    (host, port), known = connection._addr, connection._params  # noqa: SLF001  nowhere else
    return {
        "batch_size": running["batch_size"],
        "max_concurrent_tasks": running["max_concurrent_tasks"],
        "heartbeat_timeout": running["heartbeat_timeout"].total_seconds(),
        "dequeue_timeout": running["dequeue_timeout"].total_seconds(),
        "entrypoints": {k: e.parameters.concurrency_limit for k, e in registry.items()},
        "broker_url": live.database_address(
            spec.broker_url, host, port, known.user, known.database
        ),
        "framework_version": metadata.version("pgqueuer"),
    }


class Producer:
    """``enqueue()``: over a pool of its own, or over the connection of the worker it runs in."""

    loop_factory = staticmethod(uvloop.new_event_loop)  # that of its command line

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
        priority = profiles.priority_of(spec, queue)
        name, payload = queue or "default", as_bytes(seq, kind, arg)
        (job_id,) = await self.queries.enqueue(name, payload, priority, after)
        return str(job_id)

    async def close(self) -> None:
        await self.connection.close()


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
        parameters, max_attempts=profiles.RETRIES, initial_delay=first
    )


@asynccontextmanager
async def factory() -> AsyncIterator[PgQueuer]:
    """What ``pgq run`` is pointed to."""
    within.connection = await asyncpg.connect(spec.broker_url)
    manager = PgQueuer(AsyncpgDriver(within.connection))
    within.queries = manager.qm.queries
    body = threaded if "threads" in spec.wants else execute
    for name in profiles.queues_of(spec):
        manager.entrypoint(name, concurrency_limit=limit, executor_factory=executor)(body)
    count = spec.wants.get("plugins", 0)
    for module in plugins.load(Path(spec.records), count, PLUGIN) if count else []:
        manager.entrypoint(module.__name__)(getattr(module, module.__name__))
    yield manager
    await within.connection.close()


def producer(_spec: Spec) -> Producer:
    return Producer()
