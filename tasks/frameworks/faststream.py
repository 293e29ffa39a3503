"""FastStream: coroutines, and plain functions in threads, by its own command line; a process a
command. Messages are a stream of Redis read by a group, from which nothing is ever removed, or a
durable queue of RabbitMQ. (Its lists of Redis lose what a dead worker had.)

What is sent before there is a group or a queue is lost, so both are made before the first worker.
On RabbitMQ the limit of tasks at a time is that of unacknowledged messages: without one, as by
default, and where messages are acknowledged as they are taken, a process executes all there are.
Its command line takes uvloop where that is installed, as in a cell.
"""

import logging
import os
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from faststream import AckPolicy, FastStream

from tasks import live, plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.codecs import codec
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=1, prefetch=0, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=0, acks="late"),
}
DOCS = "https://faststream.ag2.ai/latest/getting-started"
SOURCES = {
    "matched": profiles.MATCHED_SOURCE,
    "default": "faststream run MODULE:APP with no options: one message at a time, all there are "
    "fetched at once, two log lines each",
    "tuned": f"{DOCS}/observability/logging: no log lines; {DOCS}/cli: uvloop, several workers, "
    "one a core; https://www.rabbitmq.com/docs/confirms: from 100 messages at a time on",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "serializer", "acks",
    "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "queues": "FastStream reads all its queues side by side, each with as many tasks at a time as "
    "the others: none comes first",
    "retry_s": "FastStream tries a message again at once, or when a reader claims it: no back-off",
    "events": "FastStream has middlewares within the worker, and no stream of events",
}
FACTS = {
    "results": "only replies to who waits for them",
    "retries": "where asked: at once on RabbitMQ, on Redis with a reader that claims",
    "delay": "no",
    "priority": "on RabbitMQ",
    "cron": "no",
    "events": "no",
    "send": "async",
    "batches": "on lists of Redis",
    "acknowledgement": "after, or before where asked; on lists of Redis none",
    "redelivery": "on RabbitMQ yes, at once; on Redis by default no, with a reader that claims "
    "min_idle_time after it was handed out",
    "licence": "Apache-2.0",
}
QUEUE, GROUP = "default", "workers"
READ = {"matched": 1, "default": None, "tuned": 100}  # messages at a time, None for all there are
PLUGIN = "async def plugin_{n}(value: int) -> int:\n    return value\n"

spec = read_spec()
serializer = profiles.serializer_of(spec, "json")
dump, load = codec(serializer)
quiet = logging.getLogger("faststream.quiet")
quiet.setLevel(logging.WARNING)


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes. On Redis a process reads ahead without a limit
    that could be told, unless it has one message at a time.
    """
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    one = found.concurrency == 1 and spec.profile != "default"
    reserved = found.slots if one or spec.broker == "rabbitmq" else 0
    acks = spec.wants.get("acks", found.acks)
    return Topology(found.processes, found.concurrency, reserved, acks)


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    topology, on_redis = topology_of(spec), spec.broker == "redis"
    if spec.scenario == "scheduling":
        raise Gap("FastStream has no delayed messages")
    if not on_redis and (topology.acks == "early" or spec.profile == "default"):
        how = "acknowledged early" if topology.acks == "early" else "as by default"
        raise Gap(f"messages of RabbitMQ {how}: FastStream executes all there are, side by side")
    return Launch(
        workers=[["faststream", "run", f"{__name__}:app"]] * topology.processes,
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            **({"max_records": READ[spec.profile]} if on_redis else {}),
            "ack_policy": policy_of(spec).value,
            "queue": QUEUE,
            "log_level": "INFO" if spec.profile == "default" else "WARNING",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("faststream"),
        },
        depth=depth_of(spec),
        source=SOURCES[spec.profile],
        keys=[QUEUE, *(f"plugin_{n}" for n in range(plugins_of(spec)))],
        before=[["tasks.prepare"]],
    )


def depth_of(spec: Spec) -> dict[str, list[str]]:
    """By default a process takes from a stream what is there when it asks, be it one or all."""
    if spec.broker == "rabbitmq":
        return {"pending": [QUEUE], "in_flight": [QUEUE], "delayed": []}
    lag, pel = f"lag:{QUEUE}/{GROUP}", f"pel:{QUEUE}/{GROUP}"
    if spec.profile == "default":
        return {"pending": [lag, pel], "in_flight": [], "delayed": []}
    return {"pending": [lag], "in_flight": [pel], "delayed": []}


def plugins_of(spec: Spec) -> int:
    return int(spec.wants.get("plugins", 0))


def policy_of(spec: Spec) -> AckPolicy:
    """Early, or its default."""
    early = topology_of(spec).acks == "early"
    return AckPolicy.ACK_FIRST if early else AckPolicy.REJECT_ON_ERROR


def loggers(spec: Spec) -> dict[str, Any]:
    return {} if spec.profile == "default" else {"logger": quiet}


class OnRedis:
    """Streams, a group, and a consumer a process."""

    def __init__(self) -> None:
        from faststream.redis import RedisBroker

        url = "redis://" if spec.broker_url == BROKER_URL else spec.broker_url
        # redis-py's 100 are too few for 100 tasks: what finds none is not acknowledged, ever.
        connections = max(100, 2 * topology_of(spec).concurrency + 10)
        more = {} if spec.profile == "default" else {"max_connections": connections}
        self.broker = RedisBroker(url, **more, **loggers(spec))
        self.to = {"stream": QUEUE}

    def readers(self, queue: str) -> list[dict[str, Any]]:
        """One, and one that claims where a dead worker's messages are wanted back: never else."""
        from faststream.redis import StreamSub

        group: dict[str, Any] = {"group": GROUP, "consumer": f"worker-{os.getpid()}"}
        group["max_records"] = READ[spec.profile]
        workers = topology_of(spec).concurrency
        found = [{"stream": StreamSub(queue, **group), "max_workers": workers}]
        if "redeliver_s" in spec.wants:
            idle_ms = 1000 * spec.wants["redeliver_s"]
            found.append({"stream": StreamSub(queue, **group, min_idle_time=idle_ms)})
        return found

    async def declare(self) -> None:
        client = await self.broker.connect()
        await client.xgroup_create(QUEUE, GROUP, "0", mkstream=True)

    def read_back(self, reader: Any) -> Settings:
        client = self.broker.config.broker_config.connection.client
        return {
            "concurrency": getattr(reader, "max_workers", 1),
            "max_records": reader.stream_sub.max_records,
            "queue": reader.stream_sub.name,
            "broker_url": live.redis_address(client, spec.broker_url),
        }


class OnRabbitMQ:
    """A durable queue; as many messages at a time as may be unacknowledged."""

    def __init__(self) -> None:
        from faststream.rabbit import Channel, RabbitBroker, RabbitQueue

        channel = Channel(prefetch_count=topology_of(spec).concurrency)
        self.broker = RabbitBroker(spec.broker_url, default_channel=channel, **loggers(spec))
        self.queue = RabbitQueue(QUEUE, durable=True)
        self.to = {"queue": self.queue, "persist": True}

    def readers(self, queue: str) -> list[dict[str, Any]]:
        return [{"queue": self.queue if queue == QUEUE else queue}]

    async def declare(self) -> None:
        await self.broker.connect()
        await self.broker.declare_queue(self.queue)

    def read_back(self, reader: Any) -> Settings:
        asked, known = urlsplit(spec.broker_url), self.broker._connection.url  # noqa: SLF001
        same = (known.host, known.port, known.path) == (asked.hostname, asked.port, asked.path)
        return {
            "concurrency": self.broker._channel._prefetch_count,  # noqa: SLF001
            "queue": reader.queue.name,
            "broker_url": spec.broker_url if same else str(known.with_user(None)),
        }


place = OnRedis() if spec.broker == "redis" else OnRabbitMQ()
broker: Any = place.broker
app = FastStream(broker, **loggers(spec))


def read_back() -> Settings:
    log = broker.config.logger.logger.logger
    return {
        **place.read_back(readers[0]),
        "ack_policy": readers[0].ack_policy.value,
        "log_level": logging.getLevelName(log.getEffectiveLevel()),
        "framework_version": metadata.version("faststream"),
    }


class Producer:
    """``publish`` over the broker's connections."""

    loop_factory = None

    async def open(self) -> None:
        await broker.connect()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        if queue or delay_s:
            raise NotImplementedError
        message: Any = {"seq": seq, "kind": kind, "arg": arg}
        if serializer == "json":
            message["arg"] = as_text(kind, arg)
        else:
            message = dump(message)
        await broker.publish(message, **place.to)

    async def close(self) -> None:
        await broker.stop()


probe = Probe(spec, read_back, Producer())


@app.after_startup
async def started() -> None:
    """Its hook: connected, its readers at work."""
    note_ready(Path(spec.records))


async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


def threaded(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


async def decode(message: Any) -> Any:
    """Of another serializer than its own."""
    return load(message.body)


decoder = {} if serializer == "json" else {"decoder": decode}
readers = [
    broker.subscriber(**options, **decoder, ack_policy=policy_of(spec))
    for options in place.readers(QUEUE)
]
for reader in readers:
    reader(threaded if "threads" in spec.wants else execute)
for module in plugins.load(Path(spec.records), plugins_of(spec), PLUGIN):
    for options in place.readers(module.__name__):
        broker.subscriber(**options)(getattr(module, module.__name__))


async def prepare(_spec: Spec) -> None:
    """Makes the group or the queue."""
    await place.declare()
    await broker.stop()


def producer(_spec: Spec) -> Producer:
    return Producer()
