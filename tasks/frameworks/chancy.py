"""Chancy: PostgreSQL; a queue has an executor, of coroutines, threads or a pool of processes.

What runs jobs, and how many, are settings of the queue, kept in the database and made before the
workers start. By its stock command line a worker makes the queue ``default`` by itself: a pool of a
process a core, which replaces a process after 100 jobs, and a poll every 5 s that starts as many
jobs as there are processes. Pushes wake it, so that what trickles in is done at once, but a backlog
is not: a gap where one is drained. Elsewhere queues poll eagerly, when a job has ended.

A job is ``running`` until its end is written, for all that ended, once a second; its row stays for
a day. A worker that does not say it is alive is seen by the leader, which may be it. The command
line has no words for those times, so profiles other than ``default`` run ``chancy.Worker``. JSON
knows no bytes: they go as base64. Its log goes to a plain handler: it would be drawn by rich, which
cells hold for memray.

Settings are read from the live Worker's executors, when it says that a queue is started.
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

from tasks import plugins
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings, note_ready, write_settings
from tasks.profiles import (
    MATCHED,
    MATCHED_SOURCE,
    STOCK,
    coroutine_topology,
    refuse,
    refuse_stock,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = usable_cores()
PROFILES = {
    "matched": MATCHED,
    "default": Topology(os.cpu_count() or 1, 1, os.cpu_count() or 1, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=100 * CORES, acks="late"),
}
DOCS = "https://tkte.ch/chancy"
SOURCES = {
    "matched": f"{MATCHED_SOURCE}; coroutines, eager polling, no log lines; done jobs stay",
    "default": "chancy --app APP worker start with no options: a process a core, a poll every 5 s",
    "tuned": f"{DOCS}/chancy.executors.asyncex.html: coroutines, its 100 at a time; "
    f"{DOCS}/chancy.queue.html: eager polling; a worker a core, no log lines",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "serializer",
    "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "queues": "a queue of Chancy's has slots of its own in every worker: none waits for another",
    "events": "Chancy tells its events within the worker, and others only what was pushed",
}
FACTS = {
    "results": "no",
    "retries": "off by default; a plugin with backoff and jitter",
    "delay": "yes, found by a poll",
    "priority": "yes, of a job",
    "cron": "yes, a plugin",
    "events": "within the worker",
    "send": "sync and async",
    "batches": "yes, push_many",
    "acknowledgement": "after, in batches once a second",
    "redelivery": "yes, by the leader, 90 s after a worker's last sign of life by default",
    "licence": "MIT",
}
# Where the stock way holds: tasks come one by one. A backlog of thousands would take it hours.
TRICKLES = {"", "latency", "cold_start", "fastapi"}
QUEUE, POOL_QUEUE = "default", "compute"
HEAVY = {"pbkdf2", "spin", "digest"}  # kinds for the pool's queue where others wait beside them
ATTEMPTS = 6
JOBS_PER_CHILD = 100_000  # 100 by default, and each start of a process takes a second
POLL_S = 5  # its default
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


def kind_of(spec: Spec) -> str:
    """Name of the executor of the usual queue."""
    if "threads" in spec.wants:
        return "Threaded"
    alone = "computing" in spec.wants and "waiting" not in spec.wants
    return "Process" if alone or spec.profile == "default" else "Async"


def queues_of(spec: Spec) -> list[Queue]:
    """As they are declared; one more for what computes where the rest waits."""
    if spec.profile == "default":
        return [Queue(QUEUE)]
    topology = topology_of(spec)
    pool = {"executor_options": {"maximum_jobs_per_worker": JOBS_PER_CHILD}}
    size = topology.processes if kind_of(spec) == "Process" else topology.concurrency
    more = pool if kind_of(spec) == "Process" else {}
    found = [declared(QUEUE, kind_of(spec), size, more)]
    if "computing" in spec.wants and kind_of(spec) != "Process":
        found.append(declared(POOL_QUEUE, "Process", spec.wants["computing"], pool))
    return found


def declared(name: str, kind: str, size: int, more: dict[str, Any]) -> Queue:
    return Queue(
        name, concurrency=size, executor=Chancy.Executor[kind].value, eager_polling=True,
        polling_interval=POLL_S, **more,
    )  # fmt: skip


def topology_of(spec: Spec) -> Topology:
    """A pool's processes are its worker's; threads are those of one worker."""
    usual, wants = PROFILES[spec.profile], spec.wants
    if spec.profile == "default":
        refuse_stock(spec, usual)
        return usual
    if "waiting" in wants and "computing" in wants:
        return Topology(1, wants["waiting"], wants["waiting"], usual.acks)
    if "threads" in wants:
        return Topology(1, wants["threads"], wants["threads"], usual.acks)
    return coroutine_topology(spec, usual)


def refuse_all(spec: Spec) -> None:
    """Raises Gap on what cannot be had, at all or by the stock command line."""
    wants = spec.wants
    refuse(spec, WANTS, GAPS)
    if wants.get("serializer", "json") != "json" or wants.get("model") == "whole":
        raise Gap("Chancy keeps a job's arguments as JSON, always")
    if wants.get("acks", "late") != "late":
        raise Gap("a job of Chancy's is done when it has ended, always")
    if spec.profile != "default":
        return
    if "redeliver_s" in wants:
        raise Gap(f"{STOCK}: a worker is held for dead after 90 s")
    if spec.scenario not in TRICKLES:
        raise Gap(f"{STOCK}: it takes a job a process every {POLL_S} s from a backlog")


def launch(spec: Spec) -> Launch:
    """One worker where its pool has the processes, else one a process. Raises Gap."""
    refuse_all(spec)
    topology, stock = topology_of(spec), spec.profile == "default"
    pooled = kind_of(spec) == "Process"
    cli = ["chancy.cli.cli", "--app", f"{__name__}.app", "worker", "start"]
    count = "SELECT count(*) FROM chancy_jobs WHERE state"
    waiting = f"{count} IN ('pending', 'retrying') AND "
    return Launch(
        workers=[cli] if stock else [["tasks.worker"]] * (1 if pooled else topology.processes),
        before=[["tasks.prepare"]],
        topology=topology,
        asked={
            "queues": {q.name: told(q) for q in queues_of(spec)},
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("chancy"),
            **beats(spec),
        },
        depth={
            "pending": [f"{waiting} coalesce(scheduled_at <= now(), true)"],
            "in_flight": [f"{count} = 'running'"],
            "delayed": [f"{waiting} scheduled_at > now()"],
        },
        source=SOURCES[spec.profile],
        keys=["chancy_*"],
    )


def told(queue: Queue) -> list[Any]:
    """What a queue's workers are held to."""
    name = queue.executor.rpartition(".")[2]
    return [name, queue.concurrency, queue.polling_interval, queue.eager_polling]


def beats(spec: Spec) -> dict[str, int]:
    """Of the worker: when others hold it for dead."""
    if "redeliver_s" not in spec.wants:
        return {}
    return {"heartbeat_poll_interval": 1, "heartbeat_timeout": int(spec.wants["redeliver_s"])}


class Tell(Plugin):  # type: ignore[misc]  # known in its cell only
    """Writes what the worker runs with when a queue's executor is there."""

    @staticmethod
    def get_identifier() -> str:
        return "bench.tell"

    async def on_worker_started(self, *, worker: Worker) -> None:
        worker.hub.on("worker.queue.started", lambda _: tell(worker))

    async def run(self, worker: Worker, chancy: Chancy) -> None:
        """It has nothing to do in the background."""


def tell(worker: Worker) -> None:
    running = {name: told(each.queue) for name, each in worker.executors.items()}
    settings = {
        "queues": running,
        "heartbeat_poll_interval": worker.heartbeat_poll_interval,
        "heartbeat_timeout": worker.heartbeat_timeout,
        "send_outgoing_interval": worker.send_outgoing_interval,
        "log_level": logging.getLevelName(worker.chancy.log.level),
        "broker_url": worker.chancy.pool.conninfo,
        "framework_version": metadata.version("chancy"),
    }
    write_settings(Path(spec.records), "main", settings)
    note_ready(Path(spec.records))


def plugins_of(spec: Spec) -> list[Plugin]:
    found = [Tell(), RetryPlugin()]
    if "redeliver_s" in spec.wants:
        found += [Leadership(poll_interval=1, timeout=3), Recovery(poll_interval=1)]
    return found


app = Chancy(spec.broker_url, plugins=plugins_of(spec), log=logger)


def read_back() -> Settings:
    return {"framework_version": metadata.version("chancy")}


class Producer:
    """``push()`` over the app's pool of connections."""

    loop_factory = None

    async def open(self) -> None:
        await app.pool.open()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        if queue:
            raise NotImplementedError
        found = job_of(kind).with_kwargs(seq=seq, kind=kind, arg=as_text(kind, arg))
        if delay_s:
            found = found.with_scheduled_at(datetime.now(UTC) + timedelta(seconds=delay_s))
        return str((await app.push(found)).identifier)

    async def close(self) -> None:
        await app.pool.close()
        del app.pool  # a closed one cannot be opened again: Chancy's own way


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
    found = execute.job if kind_of(spec) == "Async" else compute.job
    if kind in HEAVY and len(queues_of(spec)) > 1:
        found = compute.job.with_queue(POOL_QUEUE)
    if "retry_s" not in spec.wants:
        return found
    settings = {"backoff": spec.wants["retry_s"], "backoff_factor": 2, "backoff_jitter": [0, 0]}
    return found.with_max_attempts(ATTEMPTS).with_meta({"retry_settings": settings})


async def prepare(spec: Spec) -> None:
    """Tables, and the queues unless a worker shall make its own."""
    async with app:
        await app.migrate()
        for queue in queues_of(spec) if spec.profile != "default" else []:
            await app.declare(queue)


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
