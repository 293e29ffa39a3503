"""RabbitMQ by aio-pika: persistent messages in a durable queue, confirmed to who sends them."""

from typing import Any

import aio_pika
import uvloop

from tasks.as_bytes import as_bytes, from_bytes
from tasks.frameworks.raw.client import QUEUE, Client, early, probe_of, run
from tasks.spec import Spec

CLIENT = Client(
    "aio-pika", "a delivery at a time, the body, its acknowledgement", QUEUE, QUEUE, [QUEUE]
)


async def declare(channel: Any) -> Any:
    return await channel.declare_queue(QUEUE, durable=True)


def work(spec: Spec) -> None:
    run(serve(spec))


async def serve(spec: Spec) -> None:
    connection, first = await aio_pika.connect(spec.broker_url), early(spec)
    probe = probe_of(spec, CLIENT, lambda: str(connection.url))
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=1)
        queue = await declare(channel)
        async with queue.iterator() as deliveries:
            async for delivery in deliveries:
                if first:
                    await delivery.ack()
                await probe.run_async(*from_bytes(delivery.body))
                if not first:
                    await delivery.ack()


class Producer:
    """A publish over one channel, which returns with the broker's confirmation."""

    loop_factory = staticmethod(uvloop.new_event_loop)

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._connection: Any = None
        self._exchange: Any = None

    async def open(self) -> None:
        self._connection = await aio_pika.connect(self._spec.broker_url)
        channel = await self._connection.channel(publisher_confirms=True)
        await declare(channel)
        self._exchange = channel.default_exchange

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        if queue or delay_s:
            raise NotImplementedError
        persistent = aio_pika.DeliveryMode.PERSISTENT
        carried = aio_pika.Message(as_bytes(seq, kind, arg), delivery_mode=persistent)
        await self._exchange.publish(carried, routing_key=QUEUE)

    async def close(self) -> None:
        await self._connection.close()
