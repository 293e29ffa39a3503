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
import os
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from chancy import Chancy, Queue, Worker, job
from chancy.plugin import Plugin
from chancy.plugins.leadership import Leadership
from chancy.plugins.recovery import Recovery
from chancy.plugins.retry import RetryPlugin

from tasks import plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings, note_ready, write_settings
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES, ALL = profiles.usable_cores(), os.cpu_count() or 1
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=ALL, concurrency=1, prefetch=ALL, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=100 * CORES, acks="late"),
}
DOCS = "https://tkte.ch/chancy"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; coroutines, eager polls, no log lines; done jobs stay",
    "default": "chancy --app APP worker start with no options: a process a core, a poll every 5 s",
    "tuned": f"{DOCS}/chancy.executors.asyncex.html: coroutines, its 100 at a time; "
    f"{DOCS}/chancy.queue.html: eager polling; a worker a core, no log lines",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {"events": "Chancy tells of its jobs within the worker, and others only what was pushed"}
FACTS = {
    "results": "no",
    "retries": "none by default; a plugin, with backoff and jitter",
    "delay": "yes, found by a poll",
    "priority": "yes, of a job",
    "cron": "yes, a plugin",
    "events": "within the worker",
    "send": "sync and async",
    "batches": "yes",
    "acknowledgement": "after, in batches once a second",
    "redelivery": "yes, by the leader, 90 s after a worker's last heartbeat by default",
    "licence": "MIT",
}
TRICKLES = {"", "latency", "cold_start", "fastapi"}  # no backlog of thousands, for hours
QUEUE, POOL = "default", "compute"
HEAVY = {"pbkdf2", "spin", "digest"}  # kinds for the pool where others wait beside them
JOBS_PER_CHILD = 100_000  # each start of a process takes a second
COUNT = "SELECT count(*) FROM chancy_jobs WHERE state"
DUE = "coalesce(scheduled_at <= now(), true)"
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


def executor_of(spec: Spec) -> str:
    """Of the usual queue."""
    if "threads" in spec.wants:
        return "Threaded"
    alone = "computing" in spec.wants and "waiting" not in spec.wants
    return "Process" if alone or spec.profile == "default" else "Async"


def queues_of(spec: Spec) -> list[Queue]:
    """As they are made; one more for what computes where the rest waits."""
    if spec.profile == "default":
        return [Queue(QUEUE)]
    topology, kind = profiles.coroutine_topology(spec, PROFILES[spec.profile]), executor_of(spec)
    found = {QUEUE: (kind, topology.slots if kind == "Process" else topology.concurrency)}
    if kind == "Async" and "computing" in spec.wants:
        found[POOL] = ("Process", spec.wants["computing"])
    return [queue(name, *each) for name, each in found.items()]


def queue(name: str, kind: str, size: int) -> Queue:
    options = {"maximum_jobs_per_worker": JOBS_PER_CHILD} if kind == "Process" else {}
    executor = Chancy.Executor[kind].value
    return Queue(
        name, concurrency=size, executor=executor, executor_options=options, eager_polling=True
    )


def told(queue: Queue) -> list[Any]:
    """What a queue's workers are held to."""
    kind = queue.executor.rpartition(".")[2]
    return [kind, queue.concurrency, queue.polling_interval, queue.eager_polling]


def beats(spec: Spec) -> dict[str, int]:
    """Of a worker: when others hold it for dead."""
    if "redeliver_s" not in spec.wants:
        return {}
    return {"heartbeat_poll_interval": 1, "heartbeat_timeout": int(spec.wants["redeliver_s"])}


def launch(spec: Spec) -> Launch:
    """One worker where its pool has the processes, else one a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    profiles.refuse_all_but_late_json(spec, "Chancy")
    stock = spec.profile == "default"
    if stock and spec.scenario not in TRICKLES:
        raise Gap(f"{profiles.STOCK}: it takes a job a process every 5 s from a backlog")
    topology = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    cli = ["chancy.cli.cli", "--app", f"{__name__}.app", "worker", "start"]
    workers = 1 if executor_of(spec) == "Process" else topology.processes
    waiting = f"{COUNT} IN ('pending', 'retrying') AND"
    ranks = [profiles.priority_of(spec, name) for name in profiles.queues_of(spec)]
    ranked = [f" AND priority = {rank}" if "queues" in spec.wants else "" for rank in ranks]
    return Launch(
        workers=[cli] if stock else [["tasks.worker"]] * workers,
        before=[["tasks.prepare"]],
        topology=topology,
        asked={
            "queues": {each.name: told(each) for each in queues_of(spec)},
            "log_level": "INFO" if stock else "WARNING",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("chancy"),
            **beats(spec),
        },
        depth={
            "pending": [f"{waiting} {DUE}{rank}" for rank in ranked],
            "in_flight": [f"{COUNT} = 'running'"],
            "delayed": [f"{waiting} NOT {DUE}"],
        },
        source=SOURCES[spec.profile],
        keys=["chancy_*"],
    )


class Tell(Plugin):  # type: ignore[misc]  # known in its cell only
    """Writes what the worker runs with when a queue's executor is there."""

    @staticmethod
    def get_identifier() -> str:
        return "bench.tell"

    async def run(self, worker: Worker, _chancy: Chancy) -> None:  # before a queue is started
        worker.hub.on("worker.queue.started", lambda _: tell(worker))


def tell(worker: Worker) -> None:
    """Of the live worker and its executors; a process of a pool knows neither."""
    settings = {
        "queues": {name: told(each.queue) for name, each in worker.executors.items()},
        "log_level": logging.getLevelName(worker.chancy.log.level),
        "send_outgoing_interval": worker.send_outgoing_interval,
        "broker_url": worker.chancy.pool.conninfo,
        **{name: getattr(worker, name) for name in beats(spec)},
    }
    write_settings(Path(spec.records), "main", settings)
    note_ready(Path(spec.records))


def read_back() -> Settings:
    return {"framework_version": metadata.version("chancy")}


quick = [Leadership(poll_interval=1, timeout=3), Recovery(poll_interval=1)]
app = Chancy(
    spec.broker_url, log=logger,
    plugins=[Tell(), RetryPlugin(), *(quick if "redeliver_s" in spec.wants else [])],
)  # fmt: skip


class Producer:
    """``push()`` over the app's pool of connections."""

    loop_factory = None

    async def open(self) -> None:
        await app.pool.open()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        found = job_of(kind).with_kwargs(seq=seq, kind=kind, arg=as_text(kind, arg))
        if queue:
            found = found.with_priority(profiles.priority_of(spec, queue))
        if delay_s:
            found = found.with_scheduled_at(datetime.now(UTC) + timedelta(seconds=delay_s))
        return str((await app.push(found)).identifier)

    async def close(self) -> None:
        await app.pool.close()


probe = Probe(spec, read_back, Producer())


@job(queue=QUEUE)
async def execute(*, seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


@job(queue=QUEUE)
def compute(*, seq: int, kind: str, arg: Any) -> None:
    """The same in a thread, or in a process of the pool."""
    probe.run(seq, kind, as_sent(kind, arg))


def job_of(kind: str) -> Any:
    """The framework's job for a body."""
    found = execute.job if executor_of(spec) == "Async" else compute.job
    if kind in HEAVY and len(queues_of(spec)) > 1:
        found = compute.job.with_queue(POOL)
    if "retry_s" not in spec.wants:
        return found
    settings = {"backoff": spec.wants["retry_s"], "backoff_factor": 2, "backoff_jitter": [0, 0]}
    attempts = 1 + profiles.RETRIES
    return found.with_max_attempts(attempts).with_meta({"retry_settings": settings})


async def prepare(spec: Spec) -> None:
    """Tables, and the queues unless a worker shall make its own."""
    async with app:
        await app.migrate()
        for each in queues_of(spec) if spec.profile != "default" else []:
            await app.declare(each)


def work(spec: Spec) -> None:
    """What the command line does, with times that it has no words for."""

    async def run() -> None:
        async with app, Worker(app, **beats(spec)) as worker:
            await worker.wait_for_shutdown()

    asyncio.run(run())


if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
