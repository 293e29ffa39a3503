"""FastStream's two brokers that the harness has servers for, each with what a queue is there."""

import logging
import os
from typing import Any
from urllib.parse import urlsplit

from tasks import live
from tasks.frameworks.faststream.workers import SETTINGS, reads_of, topology_of
from tasks.probe import Settings
from tasks.spec import BROKER_URL, Spec

QUEUE, GROUP = "default", "workers"
quiet = logging.getLogger("faststream.quiet")
quiet.setLevel(logging.WARNING)


def loggers(spec: Spec) -> dict[str, Any]:
    """Its own by default, which writes two lines a message."""
    return {} if spec.profile == "default" else {"logger": quiet}


def depth_of(spec: Spec) -> dict[str, list[str]]:
    """What is reserved on Redis is not told apart where nothing that waits is, as with early acks,
    or what there is when a process asks, be it one message or all, as by default.
    """
    if spec.broker == "rabbitmq":
        return {"pending": [QUEUE], "in_flight": [QUEUE], "delayed": []}
    lag, pel = f"lag:{QUEUE}/{GROUP}", f"pel:{QUEUE}/{GROUP}"
    if spec.profile == "default" or topology_of(spec).acks == "early":
        return {"pending": [lag, pel], "in_flight": [], "delayed": []}
    return {"pending": [lag], "in_flight": [pel], "delayed": []}


class OnRedis:
    """Streams, a group, and a consumer a process."""

    def __init__(self, spec: Spec) -> None:
        from faststream.redis import RedisBroker

        url = "redis://" if spec.broker_url == BROKER_URL else spec.broker_url
        # redis-py's 100 are too few for 100 tasks: what finds none is not acknowledged, ever.
        connections = max(100, 2 * topology_of(spec).concurrency + 10)
        more = {} if spec.profile == "default" else {"max_connections": connections}
        self.spec = spec
        self.broker = RedisBroker(url, **more, **loggers(spec), **SETTINGS.of(spec, "app"))
        self.to = {"stream": QUEUE}

    def readers(self, queue: str) -> list[dict[str, Any]]:
        """One, and one that claims where a dead worker's messages are wanted back: never else."""
        from faststream.redis import StreamSub

        group: dict[str, Any] = {"group": GROUP, "consumer": f"worker-{os.getpid()}"}
        group |= {"max_records": reads_of(self.spec), **SETTINGS.of(self.spec, "broker")}
        workers = topology_of(self.spec).concurrency
        found = [{"stream": StreamSub(queue, **group), "max_workers": workers}]
        if "redeliver_s" in self.spec.wants:
            idle_ms = 1000 * self.spec.wants["redeliver_s"]
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
            **SETTINGS.read(self.spec, broker=reader.stream_sub),
            "broker_url": live.redis_address(client, self.spec.broker_url),
        }


class OnRabbitMQ:
    """A durable queue; as many messages at a time as may be unacknowledged."""

    def __init__(self, spec: Spec) -> None:
        from faststream.rabbit import Channel, RabbitBroker, RabbitQueue

        own = SETTINGS.of(spec, "broker")
        channel = Channel(prefetch_count=topology_of(spec).concurrency, **own)
        self.spec = spec
        more = {**loggers(spec), **SETTINGS.of(spec, "app")}
        self.broker = RabbitBroker(spec.broker_url, default_channel=channel, **more)
        self.queue = RabbitQueue(QUEUE, durable=True)
        self.to = {"queue": self.queue, "persist": True}

    def readers(self, queue: str) -> list[dict[str, Any]]:
        return [{"queue": self.queue if queue == QUEUE else queue}]

    async def declare(self) -> None:
        await self.broker.connect()
        await self.broker.declare_queue(self.queue)

    def read_back(self, _reader: Any) -> Settings:
        asked, known = urlsplit(self.spec.broker_url), self.broker._connection.url  # noqa: SLF001
        same = (known.host, known.port, known.path) == (asked.hostname, asked.port, asked.path)
        return {
            "concurrency": self.broker._channel._prefetch_count,  # noqa: SLF001
            **SETTINGS.read(self.spec, broker=self.broker._channel),  # noqa: SLF001
            "broker_url": self.spec.broker_url if same else str(known.with_user(None)),
        }


def place_of(spec: Spec) -> OnRedis | OnRabbitMQ:
    return OnRedis(spec) if spec.broker == "redis" else OnRabbitMQ(spec)
