"""streaQ: coroutines in a process, plain functions in threads of it, by its own command line; a
process a command, since its ``--workers`` passes no signal on. No profile keeps results.

A worker fetches what it executes and more beside it (``prefetch``), at least one: 0, which its
documentation names for none, is taken for the default.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streaq import StreaqRetry, Worker

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, fitting
from tasks.codecs import codec, codec_name
from tasks.frameworks.streaq import workers
from tasks.frameworks.streaq.workers import SETTINGS
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import Spec, read_spec
from tasks.work import NotYet

PLUGIN = "async def plugin_{n}(value):\n    return value\n"

spec = read_spec()
serializer = profiles.serializer_of(spec, "pickle")


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, workers.GAPS, {"results"})
    topology = workers.topology_of(spec)
    return Launch(
        workers=[["streaq", "run", f"{__name__}:worker"]] * topology.processes,
        topology=topology,
        asked={**workers.asked_of(spec), **profiles.place_and_version("streaq")},
        depth=workers.depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=["streaq:*"],
    )


def read_back() -> Settings:
    pool, task = worker.redis.connection_pool, worker.registry["execute"]
    db = pool.connection_kwargs.get("db")
    address = live.address(pool.location.host, pool.location.port, db, spec.broker_url)
    return {
        "concurrency": worker.concurrency,
        "fetched": worker.prefetch,
        "queues": ",".join(worker.priorities),
        "idle_timeout": worker.idle_timeout / 1000,
        "ttl": task.ttl,
        "silent": task.silent,
        "serializer": codec_name(worker.serializer),
        "log_level": live.log_level("streaq"),
        **profiles.place_and_version("streaq", address),
        **SETTINGS.read(spec, worker=worker, task=task),
    }


@asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """Its hook: connected, about to ask for tasks."""
    note_ready(spec)
    yield


async def execute(seq: int, kind: str, arg: Any) -> int | None:
    return await probe.run_async(seq, kind, as_sent(kind, arg))


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
    topology, (dump, load) = workers.topology_of(spec), codec(serializer)
    made: Worker[None] = Worker(
        redis_url=spec.broker_url,
        concurrency=topology.concurrency,
        priorities=profiles.queues_of(spec, "normal")[::-1],  # the most urgent comes last
        lifespan=lifespan, serializer=dump, deserializer=load,
        anyio_kwargs={"use_uvloop": True} if spec.profile == "tuned" else None,
        **workers.times_of(spec),
    )  # fmt: skip
    options = workers.options_of(spec)
    for function in (execute, threaded, retried):
        made.task(name=function.__name__, **options)(function)
    limited = {**options, "timeout": spec.wants.get("timeout_s")}
    made.task(name="limited", **limited)(execute)
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
        registered = self._sender.registry[workers.task_of(spec, kind)]
        task = registered.enqueue(seq, kind, fitting(serializer, kind, arg))
        if queue or delay_s:
            task = task.start(priority=queue or None, delay=delay_s or None)
        return str((await task).id)

    async def send_group(self, first: int, members: int) -> None:
        """Tasks in one call, and one that is to be started after them."""
        enqueue = self._sender.registry["execute"].enqueue
        of = [enqueue(seq, "noop", 0) for seq in range(first, first + members)]
        await self._sender.enqueue_many(of)
        await enqueue(first + members, "noop", 0).start(after=[task.id for task in of])

    async def call(self, seq: int, kind: str, arg: Any) -> Any:
        task = await self._sender.registry["execute"].enqueue(seq, kind, arg)
        return (await task.result(profiles.RESULT_S)).result

    async def close(self) -> None:
        await self._sender.__aexit__(None, None, None)


worker = new_worker()
for module in plugins.load(spec, PLUGIN):
    worker.task(name=module.__name__)(getattr(module, module.__name__))
probe = Probe(spec, read_back, Producer(worker))
if "periodic" in spec.wants:
    worker.cron(workers.EVERY_SECOND, name="tick")(probe.tick_async)


def producer(_spec: Spec) -> Producer:
    return Producer()
