"""Repid: coroutines, and plain functions in threads, in a program of its own: it has no command
line. On Redis its messages are a stream, from which nothing is ever removed.

It reads ahead of what it executes: beside each task one that waits for its place, and a batch that
waits behind those. Of its own it never redoes a dead worker's messages on Redis (``claim_interval``
is 0). Asked to end, it executes what it has read ahead, and cannot acknowledge it any more.

With one task at a time on Redis 2.1.4 stops for ever once it has paused reading: it goes on when
more than one is in flight. So a program with one task at a time has to say that it cannot pause.

It speaks AMQP 1.0, which RabbitMQ before 4 does not.
"""

import asyncio
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from repid import BasicConverter, RedisServer, Repid, Router, SqsServer
from repid._worker import _Worker

from tasks import live, plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings
from tasks.spec import BROKER_URL, Spec, Topology, read_spec, region_of, without_user

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=1000, prefetch=1020, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=0, acks="late"),
}
BATCH = {"matched": 1, "default": 10, "tuned": 10}
SOURCES = {
    "matched": "processes, tasks in flight and late acks of every arm; reserves 6, not 2: a "
    "process reads two ahead of the one it executes",
    "default": "Repid.run_worker() with no arguments, and a server with none but its address: "
    "1,000 tasks at a time in one process, messages in tens",
    "tuned": "https://repid.aleksul.space: uvloop (benchmarks), several processes, and a limit of "
    "tasks that fits the machine (concurrency limit); a process a core, 100 tasks each",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues", "acks",
    "serializer", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "retry_s": "Repid tries a message again at once (reject) or puts it aside (nack): no back-off",
    "events": "Repid has middlewares within the worker, and no stream of events",
}
FACTS = {
    "results": "no",
    "retries": "at once, without a limit, where on_error says so; by default a failed message is "
    "put aside in a dead-letter stream or queue",
    "delay": "on SQS",
    "priority": "no",
    "cron": "no",
    "events": "no",
    "send": "async",
    "batches": "no",
    "acknowledgement": "after, or before where asked",
    "redelivery": "on SQS after its visibility timeout (30 s); on Redis by default no, with "
    "claim_interval min_idle_ms (60 s) after the worker last renewed it",
    "licence": "MIT",
}
CHANNEL = "default"
VISIBILITY_S = {"default": 30}  # its own; elsewhere as long as Celery's, for what is read ahead
WAIT_S = {"default": 20}  # of a long poll
PLUGIN = "async def plugin_{n}(value):\n    return value\n"

spec = read_spec()


class OneAtATime(RedisServer):  # type: ignore[misc]
    """Redis without pauses."""

    @property
    def capabilities(self) -> Any:
        return {**super().capabilities, "supports_lightweight_pause": False}


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes; with what is read ahead."""
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    each = 2 * found.concurrency + BATCH[spec.profile]
    acks = spec.wants.get("acks", found.acks)
    return Topology(found.processes, found.concurrency, each * found.processes, acks)


def timing_of(spec: Spec) -> dict[str, Any]:
    """How long a dead worker's messages stay with it, as the server has it."""
    wanted = spec.wants.get("redeliver_s")
    if spec.broker == "sqs":
        usual = VISIBILITY_S.get(spec.profile, 1800)
        wait_s = WAIT_S.get(spec.profile, 1)
        return {"visibility_timeout": wanted or usual, "receive_wait_time_seconds": wait_s}
    return (
        {"claim_interval": 1.0, "min_idle_ms": 1000 * wanted} if wanted else {"claim_interval": 0.0}
    )


def new_server() -> Any:
    batch, timing = BATCH[spec.profile], timing_of(spec)
    if spec.broker == "redis":
        kind = OneAtATime if topology_of(spec).concurrency == 1 else RedisServer
        return kind(spec.broker_url, batch_size=batch, **timing)
    parts = urlsplit(spec.broker_url)
    return SqsServer(
        without_user(spec.broker_url), region_of(spec.broker_url), batch_size=batch, **timing,
        aws_access_key_id=unquote(parts.username or "") or None,
        aws_secret_access_key=unquote(parts.password or "") or None,
    )  # fmt: skip


def launch(spec: Spec) -> Launch:
    """One program a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    if profiles.serializer_of(spec, "json") != "json":
        raise Gap("Repid reads JSON; other bytes are the program's own to write and read")
    if spec.scenario == "scheduling" and spec.broker == "redis":
        raise Gap("Repid has no delayed messages on Redis")
    topology, channels = topology_of(spec), profiles.queues_of(spec, CHANNEL)
    lag, pel = ([f"{what}:repid:{c}/repid:{c}:group" for c in channels] for what in ("lag", "pel"))
    on_redis = spec.broker == "redis"
    return Launch(
        workers=[["tasks.worker"]] * topology.processes,
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "batch_size": BATCH[spec.profile],
            "confirmation": "ack_first" if topology.acks == "early" else "auto",
            "queues": ",".join(channels),
            "converter": "BasicConverter",
            **timing_of(spec),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("repid"),
        },
        depth={
            "pending": lag if on_redis else channels,
            "in_flight": pel if on_redis else channels,
            "delayed": [] if on_redis else channels,
        },
        source=SOURCES[spec.profile],
        keys=["repid:*"] if on_redis else [*channels, *(f"repid_{c}_dlq" for c in channels)],
        queues=[] if on_redis else [*channels, *(f"repid_{c}_dlq" for c in channels)],
        lingers_s=0.0 if on_redis else float(timing_of(spec)["receive_wait_time_seconds"]),
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
        "broker_url": address_of(server),
        "framework_version": metadata.version("repid"),
    }


def address_of(server: dict[str, Any]) -> str:
    if spec.broker == "redis":
        return live.redis_address(server["_redis"], spec.broker_url)
    same = server["endpoint_url"] == without_user(spec.broker_url)
    return spec.broker_url if same else str(server["endpoint_url"])


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
            headers={"topic": "threaded" if "threads" in spec.wants else "execute"},
            server_specific_parameters={"DelaySeconds": round(delay_s)} if delay_s else None,
        )

    async def close(self) -> None:
        await self._server.disconnect()


async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


def threaded(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


async def serve() -> None:
    app, router = Repid(), Router()
    app.servers.register_server("default", server, is_default=True)
    confirmation = "ack_first" if topology_of(spec).acks == "early" else "auto"
    for channel in profiles.queues_of(spec, CHANNEL):
        for function in (execute, threaded):
            router.actor(channel=channel, confirmation_mode=confirmation, converter=BasicConverter)(
                function
            )
    for module in plugins.load(Path(spec.records), spec.wants.get("plugins", 0), PLUGIN):
        router.actor(channel=CHANNEL)(getattr(module, module.__name__))
    app.include_router(router)
    async with server.connection():
        await app.run_worker(tasks_limit=topology_of(spec).concurrency)


def work(_spec: Spec) -> None:
    if spec.profile == "tuned":
        import uvloop

        uvloop.run(serve())
    else:
        asyncio.run(serve())


server = new_server()
probe = Probe(spec, read_back, Producer(server))


def producer(_spec: Spec) -> Producer:
    return Producer(server)
