"""Chancy: PostgreSQL; a queue has an executor, of coroutines, threads or a pool of processes.

What runs jobs, and how many, are settings of a queue, kept in the database. By the stock command
line a worker makes the queue ``default`` by itself: a pool of a process a core, each replaced after
100 jobs, and a poll every 5 s that starts a job a process. A push wakes it, so what comes one by
one is done at once, but a backlog is not: a gap where one is drained. In the other profiles the
queue is made beforehand and polls eagerly, when a job has ended, and workers are ``chancy.Worker``
objects, since the command line has no words for a worker's heartbeats.

A job is ``running`` until its end is written, once a second for all that ended; its row stays for a
day. Delays and retries are found by a poll. A queue has slots of its own: the scenario's queues are
priorities in one. JSON knows no bytes: they go as base64. Its log has a plain handler: with rich,
which cells hold for memray, it would be drawn.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from importlib import metadata
from typing import Any

from chancy import Chancy, Worker, job
from chancy.plugins.workflow import WorkflowPlugin

from tasks import plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.frameworks.chancy import workers
from tasks.frameworks.chancy.beside import plugins_of, schedule
from tasks.frameworks.chancy.tell import Tell
from tasks.frameworks.chancy.workers import SETTINGS
from tasks.probe import Probe, Settings
from tasks.spec import Spec, read_spec

PLUGIN = """\
from chancy import job

@job(queue="default")
async def plugin_{n}(*, value: int) -> int:
    return value
"""

spec = read_spec()
logger = logging.getLogger("chancy")
logger.addHandler(logging.StreamHandler())
logger.setLevel(logging.INFO if spec.profile == "default" else logging.WARNING)


def launch(spec: Spec) -> Launch:
    """Raises Gap."""
    workers.refuse(spec)
    return Launch(
        workers=workers.commands(spec),
        before=[["tasks.prepare"]],
        topology=workers.topology_of(spec),
        dead=[f"{workers.COUNT} = 'failed'"],
        asked={**workers.asked_of(spec), **profiles.place_and_version("chancy")},
        depth=workers.depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=["chancy_*"],
    )


def read_back() -> Settings:
    return {"framework_version": metadata.version("chancy")}


own = SETTINGS.of(spec, "app")
app = Chancy(spec.broker_url, log=logger, plugins=[Tell(), *plugins_of(spec)], **own)


class Producer:
    """``push()`` over the app's pool of connections."""

    loop_factory = None

    async def open(self) -> None:
        await app.pool.open()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        found = job_of(kind).with_kwargs(seq=seq, kind=kind, arg=as_text(kind, arg))
        found = found.with_limits(workers.limits_of(spec, kind))
        if queue:
            found = found.with_priority(profiles.priority_of(spec, queue))
        if delay_s:
            found = found.with_scheduled_at(datetime.now(UTC) + timedelta(seconds=delay_s))
        return str((await app.push(found)).identifier)

    async def send_group(self, first: int, members: int) -> None:
        await WorkflowPlugin.push(app, workers.workflow(job_of("noop"), first, members))

    async def close(self) -> None:
        await app.pool.close()


probe = Probe(spec, read_back, Producer())


@job(queue=workers.QUEUE)
async def execute(*, seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


@job(queue=workers.QUEUE)
def compute(*, seq: int, kind: str, arg: Any) -> None:
    """The same in a thread, or in a process of the pool."""
    probe.run(seq, kind, as_sent(kind, arg))


def job_of(kind: str) -> Any:
    """The framework's job for a body."""
    found = execute.job if workers.executor_of(spec) == "Async" else compute.job
    if kind in profiles.HEAVY and len(workers.queues_of(spec)) > 1:
        found = compute.job.with_queue(workers.POOL)
    if "retry_s" not in spec.wants:
        return found
    settings = {"backoff": spec.wants["retry_s"], "backoff_factor": 2, "backoff_jitter": [0, 0]}
    attempts = 1 + profiles.RETRIES
    return found.with_max_attempts(attempts).with_meta({"retry_settings": settings})


async def prepare(spec: Spec) -> None:
    """Tables, and the queues unless a worker shall make its own."""
    async with app:
        await app.migrate()
        if "periodic" in spec.wants:
            await schedule(app)
        for each in workers.queues_of(spec) if spec.profile != "default" else []:
            await app.declare(each)


def work(spec: Spec) -> None:
    """What the command line does, with times that it has no words for."""

    async def run() -> None:
        async with app, Worker(app, **workers.beats(spec)) as worker:
            await worker.wait_for_shutdown()

    asyncio.run(run())


plugins.load(spec, PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
