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
from datetime import timedelta
from importlib import metadata
from typing import Any

import asyncpg
import uvloop
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Job, PgQueuer, Queries
from pgqueuer.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutor

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_bytes import as_bytes, from_bytes
from tasks.frameworks.pgqueuer import workers
from tasks.frameworks.pgqueuer.workers import SETTINGS
from tasks.probe import Probe, Settings
from tasks.spec import BROKER_URL, Spec, read_spec

PLUGIN = "async def plugin_{n}(job):\n    return job.payload\n"

spec = read_spec()
limit = workers.limit_of(spec)


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    workers.refuse(spec)
    topology = workers.topology_of(spec)
    before = [["pgqueuer", "install"], ["pgqueuer", "autovac"]]
    return Launch(
        workers=[workers.command(spec)] * topology.processes,
        before=before if spec.profile == "tuned" else before[:1],
        environment={"PGDSN": BROKER_URL},
        topology=topology,
        dead=workers.DEAD,
        asked={**workers.asked_of(spec), **profiles.place_and_version("pgqueuer")},
        depth=workers.depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=["pgqueuer*", "fn_pgqueuer*"],
    )


def read_back() -> Settings:
    """Of what the running worker was called with, and of the connection that it has."""
    running, connection = live.arguments("QueueManager.run"), within.connection
    registry, queues = running["self"].entrypoint_registry, profiles.queues_of(spec)
    (host, port), known = connection._addr, connection._params  # noqa: SLF001  nowhere else
    return {
        "batch_size": running["batch_size"],
        "max_concurrent_tasks": running["max_concurrent_tasks"],
        "heartbeat_timeout": running["heartbeat_timeout"].total_seconds(),
        "dequeue_timeout": running["dequeue_timeout"].total_seconds(),
        "entrypoints": {q: registry[q].parameters.concurrency_limit for q in queues},
        "broker_url": live.database_address(
            spec.broker_url, host, port, known.user, known.database
        ),
        "framework_version": metadata.version("pgqueuer"),
        **SETTINGS.read(spec, run=running, entrypoint=registry[queues[0]].parameters),
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
    body, own = threaded if "threads" in spec.wants else execute, SETTINGS.of(spec, "entrypoint")
    for name in profiles.queues_of(spec):
        manager.entrypoint(name, concurrency_limit=limit, executor_factory=executor, **own)(body)
    if "periodic" in spec.wants:
        manager.schedule("tick", "* * * * * *")(probe.tick_async)
    for module in plugins.load(spec, PLUGIN):
        manager.entrypoint(module.__name__)(getattr(module, module.__name__))
    yield manager
    await within.connection.close()


def producer(_spec: Spec) -> Producer:
    return Producer()
