"""streaQ: coroutines in a process, plain functions in threads of it, by its own command line; a
process a command, since its ``--workers`` passes no signal on. No profile keeps results.

A worker fetches what it executes and more beside it (``prefetch``), at least one: 0, which its
documentation names for none, is taken for the default.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from streaq import StreaqRetry, Worker

from tasks import live, plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.codecs import codec, codec_name
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import BROKER_URL, Spec, Topology, read_spec
from tasks.work import NotYet

CORES = profiles.usable_cores()
PROFILES = {
    "matched": replace(profiles.MATCHED, prefetch=4),
    "default": Topology(processes=1, concurrency=16, prefetch=32, acks="late"),
    "tuned": Topology(CORES, concurrency=32, prefetch=33 * CORES, acks="late"),
}
SOURCES = {
    "matched": "processes, tasks in flight and late acks of every arm; reserves 4, not 2: one more "
    "than it executes is the least a worker fetches",
    "default": "streaq run MODULE:WORKER with no options: 16 tasks in one process, as many fetched "
    "beside them, two log lines a task",
    "tuned": "https://streaq.readthedocs.io/en/latest/worker.html: uvloop; its repository's "
    "benchmarks/README.md: 32 tasks a process; a process a core, no log lines, and one fetched "
    "beside them, as by default a process keeps 32 that another could execute",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {"events": "streaQ tells who listens that a task has ended, and not that it began"}
FACTS = {
    "results": "yes, for 5 min by default",
    "retries": "where the task raises StreaqRetry, 3 attempts by default; else no",
    "delay": "yes",
    "priority": "yes, streams by name",
    "cron": "yes",
    "events": "only that a task has ended, with its result",
    "send": "async",
    "batches": "yes",
    "acknowledgement": "after",
    "redelivery": "yes, idle_timeout (60 s) after the worker last renewed it, and up to as long "
    "again",
    "licence": "MIT",
}
IDLE_S = 60  # its default
STOP_S = 8  # a worker that is asked to end waits for its tasks; by default it cancels them
PLUGIN = "async def plugin_{n}(value):\n    return value\n"

spec = read_spec()
serializer = profiles.serializer_of(spec, "pickle")


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes, with the least that a worker can fetch."""
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    fetched = found.prefetch if spec.profile == "default" else found.slots + found.processes
    return replace(found, prefetch=fetched)


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    if spec.wants.get("acks") == "early":
        raise Gap("streaQ acknowledges a task when it has ended, always")
    topology, queues = topology_of(spec), profiles.queues_of(spec, "normal")
    return Launch(
        workers=[["streaq", "run", f"{__name__}:worker"]] * topology.processes,
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "prefetch": topology.prefetch // topology.processes,
            "queues": ",".join(queues),
            "idle_timeout_s": float(spec.wants.get("redeliver_s", IDLE_S)),
            "ttl": 0,
            "silent": spec.profile != "default",
            "serializer": profiles.serializer_of(spec, "pickle"),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("streaq"),
        },
        depth={
            "pending": [f"lag:streaq:default:queues:{queue}/workers" for queue in queues],
            "in_flight": [f"pel:streaq:default:queues:{queue}/workers" for queue in queues],
            "delayed": [f"zset:streaq:default:queues:delayed:{queue}" for queue in queues],
        },
        source=SOURCES[spec.profile],
        keys=["streaq:*"],
    )


def read_back() -> Settings:
    pool, task = worker.redis.connection_pool, worker.registry["execute"]
    db = pool.connection_kwargs.get("db")
    return {
        "concurrency": worker.concurrency,
        "prefetch": worker.prefetch,
        "queues": ",".join(worker.priorities),
        "idle_timeout_s": worker.idle_timeout / 1000,
        "ttl": task.ttl,
        "silent": task.silent,
        "serializer": codec_name(worker.serializer),
        "broker_url": live.address(pool.location.host, pool.location.port, db, spec.broker_url),
        "log_level": logging.getLevelName(logging.getLogger("streaq").level),
        "framework_version": metadata.version("streaq"),
    }


@asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """Its hook: connected, about to ask for tasks."""
    note_ready(Path(spec.records))
    yield


async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


def threaded(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


async def retried(seq: int, kind: str, arg: Any) -> None:
    """StreaQ tries again what asks for it, after tries squared seconds unless told otherwise."""
    try:
        await probe.run_async(seq, kind, arg)
    except NotYet as error:
        tries = worker.registry["retried"].context.tries
        raise StreaqRetry(delay=spec.wants.get("retry_s", 1) * 2 ** (tries - 1)) from error


def new_worker() -> Worker[None]:
    """With its tasks; a producer sends by one too."""
    topology, (dump, load) = topology_of(spec), codec(serializer)
    made = Worker(
        redis_url=spec.broker_url,
        concurrency=topology.concurrency,
        prefetch=topology.prefetch // topology.processes - topology.concurrency,
        priorities=profiles.queues_of(spec, "normal")[::-1],  # the most urgent comes last
        lifespan=lifespan, serializer=dump, deserializer=load,
        idle_timeout=spec.wants.get("redeliver_s", IDLE_S),
        grace_period=0 if spec.profile == "default" else STOP_S,
        anyio_kwargs={"use_uvloop": True} if spec.profile == "tuned" else None,
    )  # fmt: skip
    options = {"ttl": 0, "silent": spec.profile != "default", "max_tries": 1 + profiles.RETRIES}
    for function in (execute, threaded, retried):
        made.task(name=function.__name__, **options)(function)
    return made


class Producer:
    """``enqueue`` by a worker of the producer's event loop, or by the one it runs in."""

    loop_factory = None

    def __init__(self, sender: Any = None) -> None:
        self._sender = sender

    async def open(self) -> None:
        self._sender = new_worker()
        await self._sender.__aenter__()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        name = "threaded" if "threads" in spec.wants else "execute"
        registered = self._sender.registry["retried" if kind in profiles.RETRIED else name]
        carried = as_text(kind, arg) if serializer == "json" else arg
        task = registered.enqueue(seq, kind, carried)
        if queue or delay_s:
            task = task.start(priority=queue or None, delay=delay_s or None)
        return str((await task).id)

    async def close(self) -> None:
        await self._sender.__aexit__(None, None, None)


worker = new_worker()
for module in plugins.load(Path(spec.records), spec.wants.get("plugins", 0), PLUGIN):
    worker.task(name=module.__name__)(getattr(module, module.__name__))
probe = Probe(spec, read_back, Producer(worker))


def producer(_spec: Spec) -> Producer:
    return Producer()
