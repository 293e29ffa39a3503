"""A connection of our own to RabbitMQ, by AMQP: all that a given server can be asked by."""

import threading
from collections.abc import Callable
from typing import Any

import amqp  # type: ignore[import-untyped]

from infrastructure.rabbitmq.address import Address

GONE = (OSError, amqp.ConnectionError)


class Link:
    """A connection of our own by AMQP, one thread at a time; opened again once when it was cut."""

    def __init__(self, url: str) -> None:
        self.where = Address.of(url)
        self._connection: Any = None
        self._one = threading.Lock()  # the sampler asks too

    def call[T](self, ask: Callable[[Any], T]) -> T:
        """What ``ask`` makes of a channel. Raises OSError or AMQPError."""
        with self._one:
            try:
                return self._call(ask)
            except GONE:
                self._drop()
                return self._call(ask)

    def _call[T](self, ask: Callable[[Any], T]) -> T:
        if self._connection is None:
            self._connection = self.where.connection()
        channel = self._connection.channel()
        result = ask(channel)  # an error of a channel closes it
        channel.close()
        return result

    def product(self) -> tuple[str, str]:
        """Name and version of the server."""
        said = self.call(lambda channel: channel.connection.server_properties)
        return str(said.get("product")), str(said.get("version"))

    def held(self, queue: str) -> tuple[int, int] | None:
        """Messages that wait in a queue and its consumers; None where there is no such queue."""
        try:
            found = self.call(lambda channel: channel.queue_declare(queue, passive=True))
        except amqp.NotFound:
            return None
        return int(found.message_count), int(found.consumer_count)

    def close(self) -> None:
        with self._one:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect()  # without a goodbye, which waits for an answer
