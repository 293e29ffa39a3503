"""Using a RabbitMQ server that is there already: refused unless it is ours to use."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

import amqp  # type: ignore[import-untyped]

from infrastructure.counted import counted
from infrastructure.errors import UsageError
from infrastructure.rabbitmq.link import Link
from infrastructure.rabbitmq.running import EXCHANGE, Rabbit

BY_NAME = True
OLDEST = (3, 8)


def connect(
    url: str, keys: Sequence[str], *, flush: bool, rights: bool = True, known: Sequence[str] = ()
) -> Rabbit:
    """Use a given server. ``keys`` are names of queues, and ``exchange:NAME`` for an exchange.

    AMQP cannot list queues: only those of ``keys`` are looked at, and emptied where ``flush``
    allows that and they are not ``known``. Raises UsageError when it cannot be reached or used, or
    one of them holds messages or has consumers.
    """
    try:
        link = Link(url)
    except ValueError as error:
        raise UsageError(f"--broker-url: not an address of RabbitMQ: {error}") from None
    try:
        version = usable(link, rights=rights)
        for queue in keys:
            if not queue.startswith(EXCHANGE):
                refuse_used(link, queue, flush=flush and queue not in known)
    except (OSError, amqp.AMQPError) as error:
        raise UsageError(f"--broker-url {link.where}: cannot use this server: {error}") from None
    finally:
        link.close()
    return Rabbit(url, f"rabbitmq {version}", "unreadable", keys=keys)


def usable(link: Link, *, rights: bool) -> str:
    """The version of a server that is RabbitMQ, new enough and lets us use queues, if tried."""
    product, version = link.product()
    number = re.match(r"(\d+)\.(\d+)", version)
    if product != "RabbitMQ" or not number or (int(number[1]), int(number[2])) < OLDEST:
        raise UsageError(
            f"--broker-url {link.where}: RabbitMQ 3.8 or newer is needed, this is {product} "
            f"{version}"
        )
    try:
        if rights:
            link.call(try_rights)
    except amqp.AccessRefused as error:
        raise UsageError(
            f"--broker-url {link.where}: the user may not use queues there ({error}); allow it: "
            "rabbitmqctl set_permissions -p VHOST USER '.*' '.*' '.*'"
        ) from None
    return version


def try_rights(channel: Any) -> None:
    """Make a queue, send a message there, receive it, delete the queue; whatever is forbidden, it
    goes with our connection. Raises AccessRefused.
    """
    name = f"bench-{secrets.token_hex(8)}"
    channel.queue_declare(name, exclusive=True)
    channel.basic_publish(amqp.Message(b""), routing_key=name)
    channel.basic_get(name, no_ack=True)
    channel.queue_delete(name)


def refuse_used(link: Link, queue: str, *, flush: bool) -> None:
    """Raises UsageError for a queue in use; one that only holds messages is emptied by flush."""
    messages, consumers = link.held(queue) or (0, 0)
    if consumers:
        raise UsageError(
            f"--broker-url {link.where}: the queue {queue} has {counted(consumers, 'consumer')}, "
            "which would take the tasks; end them, or name another virtual host"
        )
    if messages and not flush:
        raise UsageError(
            f"--broker-url {link.where}: the queue {queue} holds {counted(messages, 'message')}, "
            "which would be lost; name another virtual host, or say --yes-flush to empty the queue"
        )
    if messages:
        link.call(lambda channel: channel.queue_purge(queue))
