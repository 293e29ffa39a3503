"""Repid: coroutines, and plain functions in threads, in a program of its own: it has no command
line. On Redis its messages are a stream, from which nothing is ever removed.

It reads ahead of what it executes. On Redis it pauses once all places are taken, with two batches
read by then at most; on SQS, and with one task at a time, beside each task one waits for its place,
and a batch behind those. Of its own it never redoes a dead worker's messages on Redis
(``claim_interval`` is 0). Asked to end, it executes what it has read ahead, and cannot acknowledge
it any more.

With one task at a time on Redis 2.1.4 stops for ever once it has paused reading: it goes on when
more than one is in flight. So a program with one task at a time has to say that it cannot pause.

On SQS a message is hidden for as long as its queue says. The ``visibility_timeout`` of the server
is what that is prolonged by while a task runs, so both are made equal here.

It speaks AMQP 1.0, which RabbitMQ before 4 does not.
"""

import asyncio
from typing import Any

from repid import BasicConverter, Repid, Router
from repid._worker import _Worker

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.frameworks.repid import workers
from tasks.frameworks.repid.servers import address_of, hide_for, server_of
from tasks.frameworks.repid.workers import CHANNEL, SETTINGS, timing_of, topology_of
from tasks.probe import Probe, Settings
from tasks.profiles import queues_of
from tasks.spec import Spec, read_spec

PLUGIN = "async def plugin_{n}(value):\n    return value\n"

spec = read_spec()
USUAL = "threaded" if "threads" in spec.wants else "execute"  # the actor of tasks without a limit


def launch(spec: Spec) -> Launch:
    """One program a process. Raises Gap."""
    workers.refuse(spec)
    return Launch(
        workers=[["tasks.worker"]] * topology_of(spec).processes,
        topology=topology_of(spec),
        asked={**workers.asked_of(spec), **profiles.place_and_version("repid")},
        source=workers.SOURCES[spec.profile],
        before=[["tasks.prepare"]] if spec.broker == "sqs" else [],
        varies=workers.varies(spec),
        **workers.places_of(spec),
    )


def read_back() -> Settings:
    worker = live.only(_Worker)
    server, actors = vars(worker.server), worker.centralized_router.actors
    one = next(a for a in actors if a.name == "execute")
    return {
        "concurrency": worker.tasks_limit,
        "batch_size": server["_batch_size"],
        "confirmation": one.confirmation_mode,
        "queues": ",".join(dict.fromkeys(a.channel_address for a in actors)),
        "converter": type(one.converter).__name__,
        **{name: server[f"_{name}"] for name in timing_of(spec)},
        **SETTINGS.read(spec, worker=worker, broker=worker.server),
        **profiles.place_and_version("repid", address_of(spec, server)),
    }


class Producer:
    """``send_message_json`` over a server's connections."""

    loop_factory = None

    def __init__(self, server: Any) -> None:
        self._server = server
        self._app = Repid()
        self._app.servers.register_server("default", server, is_default=True)

    async def open(self) -> None:
        await self._server.connect()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        if delay_s and spec.broker == "redis":
            raise NotImplementedError
        await self._app.send_message_json(
            channel=queue or CHANNEL,
            payload={"seq": seq, "kind": kind, "arg": as_text(kind, arg)},
            headers={"topic": "limited" if profiles.timeout_of(spec, kind) else USUAL},
            server_specific_parameters={"DelaySeconds": round(delay_s)} if delay_s else None,
        )

    async def close(self) -> None:
        await self._server.disconnect()


async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


def threaded(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


async def limited(seq: int, kind: str, arg: Any) -> None:
    await execute(seq, kind, arg)


async def serve() -> None:
    app, router = Repid(), Router()
    app.servers.register_server("default", server, is_default=True)
    confirmation = workers.confirmation_of(spec)
    usual: Any = {"confirmation_mode": confirmation, "converter": BasicConverter}
    for channel in queues_of(spec):
        for function in (execute, threaded):
            router.actor(channel=channel, **usual)(function)
        if limit := profiles.timeout_of(spec, "hang"):
            router.actor(channel=channel, timeout=limit, **usual)(limited)
    for module in plugins.load(spec, PLUGIN):
        router.actor(channel=CHANNEL)(getattr(module, module.__name__))
    app.include_router(router)
    async with server.connection():
        limit, own = topology_of(spec).concurrency, SETTINGS.of(spec, "worker")
        await app.run_worker(tasks_limit=limit, **own)


def work(_spec: Spec) -> None:
    if spec.profile == "tuned":
        import uvloop

        uvloop.run(serve())
    else:
        asyncio.run(serve())


async def prepare(spec: Spec) -> None:
    """Gives the queues of SQS, which are there, their timeout."""
    await hide_for(server, queues_of(spec), timing_of(spec)["visibility_timeout"])


server = server_of(spec)
probe = Probe(spec, read_back, Producer(server))


def producer(_spec: Spec) -> Producer:
    return Producer(server)
