"""A running RabbitMQ server, ours or a given one, as the harness sees any broker."""

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import amqp  # type: ignore[import-untyped]

from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.processes.child import Child
from infrastructure.rabbitmq.link import Link
from infrastructure.rabbitmq.management import Management
from infrastructure.rabbitmq.private import READY_POLL_S, Private, wait_ready
from infrastructure.service import SPOILED, Depth, Known

END_S = 30.0  # a graceful end takes 6 s

# Counters of the server that are exact at once, by what was done with a message. One ack may speak
# for many messages, and counts for each of them. ``deliver`` is every kind of delivery: 3.10 has
# counters by kind too, and leaves them at 0.
COUNTERS = {
    "received": "publish",
    "confirmed": "confirm",
    "delivered": "deliver",
    "get_empty": "get_empty",
    "acknowledged": "ack",
}
COUNTED = re.compile(r"^rabbitmq_global_messages_(\w+)_total\{.*\} (\d+)$", re.MULTILINE)
MEMORY = re.compile(r"^erlang_vm_memory_bytes_total\{.*\} (\d+)$", re.MULTILINE)
# Every queue tells both together, every 5 s; ``_bytes`` are bodies of messages, without headers.
STORED = re.compile(r"^rabbitmq_queue_messages(|_bytes) (\d+)$", re.MULTILINE)
STORED_S = 10.0
EXCHANGE = "exchange:"


class Rabbit(Known):
    """A running server. ``sees_in_flight``: whether it can be asked for messages that workers
    hold; without ``management`` it cannot, and depth counts none of them.
    """

    def __init__(
        self,
        url: str,
        version: str,
        config_hash: str,
        process: Child | None = None,
        management: Management | None = None,
        keys: Sequence[str] = (),
    ) -> None:
        super().__init__(url, version, config_hash, process, keys)
        self.sees_in_flight = management is not None
        self.private: Private | None = None  # for a server of ours
        self._management = management
        self._link = Link(url)

    def create(self, queues: Sequence[str]) -> None:
        """Each framework declares its own queues, with arguments that only it knows."""

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """``names`` are queues: what waits there counts as ``pending`` or ``delayed``, what is
        delivered and not acknowledged as ``in_flight``. A queue that is not there holds nothing.
        """
        totals = {"pending": 0, "in_flight": 0, "delayed": 0}
        held = self._counted() if self._management else self._declared(names)
        for kind, group in names.items():
            part = "messages_unacknowledged" if kind == "in_flight" else "messages_ready"
            totals[kind] = sum(int(held[name].get(part, 0)) for name in group if name in held)
        return Depth(**totals)

    def _counted(self) -> dict[str, dict[str, Any]]:
        """The management's answer, with what waits in quorum queues as AMQP tells it: they tell the
        management now and then only.
        """
        held = self._management.queues() if self._management else {}
        for name in (name for name, queue in held.items() if queue.get("type") == "quorum"):
            if now := self._link.held(name):
                held[name]["messages_ready"] = now[0]
        return held

    def _declared(self, names: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
        """The same as the management's answer, as far as AMQP tells it."""
        asked = {name for kind, group in names.items() if kind != "in_flight" for name in group}
        found = {name: self._link.held(name) for name in sorted(asked)}
        return {name: {"messages_ready": held[0]} for name, held in found.items() if held}

    def spoil(self, name: str) -> None:
        message = amqp.Message(SPOILED)
        self._link.call(lambda channel: channel.basic_publish(message, routing_key=name))

    def commands(self) -> dict[str, int]:
        """Messages by what was done with them; nothing for a given server."""
        if self._management is None:
            return {}
        counts: Counter[str] = Counter()
        for name, count in COUNTED.findall(self._management.metrics()):
            if name in COUNTERS:
                counts[COUNTERS[name]] += int(count)
        return dict(counts)

    def late_commands(self) -> dict[str, int]:
        """It tells all at once."""
        return {}

    def traffic(self) -> int | None:
        """Bytes of all sockets, our own looks at the metrics taken off; None for a given server."""
        return None if self._management is None else self._management.traffic()

    def wal(self) -> None:
        """It does not say."""

    def cut_connections(self) -> None:
        """Close every client's connection, from the server's side."""
        if self._management is None:
            raise BrokerGap(
                "connections of a given RabbitMQ server cannot be closed: that takes its "
                "management plugin, whose address is not in the URL"
            )
        self._management.close_connections()

    def restart(self, after_s: float) -> Child:
        """End the server, and start it again with its data after that; the new process.

        Raises BrokerGap for a given server, TrialFailed when it does not come back.
        """
        if self.process is None or self.private is None:
            raise BrokerGap("a given server is not ours to restart")
        self.process.stop(grace_s=END_S)
        time.sleep(after_s)
        self.process = self.private.start()
        if not wait_ready(self.process, self.private):
            raise TrialFailed(f"the broker did not come back: {self.private.why_not()}")
        return self.process

    def memory(self) -> int | None:
        """What Erlang has allocated."""
        if self._management is None:
            return None
        return sum(int(size) for size in MEMORY.findall(self._management.metrics()))

    def stored(self) -> int | None:
        """Bytes of the messages in all queues, once what the queues told last speaks of as many as
        there are; None when they do not tell it.
        """
        deadline = time.monotonic() + STORED_S
        while self._management is not None and time.monotonic() < deadline:
            told = dict(STORED.findall(self._management.metrics()))
            if int(told.get("", -1)) == self.keys():
                return int(told["_bytes"])
            time.sleep(READY_POLL_S)
        return None

    def keys(self) -> int | None:
        """Messages in all queues."""
        if self._management is None:
            return None
        return sum(int(queue.get("messages", 0)) for queue in self._management.queues().values())

    def stop(self) -> None:
        """End a server of ours; remove from a given one what the framework left, nothing else."""
        if self.private is not None:
            self.private.end()
        else:
            for key in self._keys:
                self._link.call(partial(remove, key=key))
        self._link.close()


def remove(channel: Any, key: str) -> None:
    """Delete a queue or an exchange; one that is not there is no error to the server."""
    if key.startswith(EXCHANGE):
        channel.exchange_delete(key.removeprefix(EXCHANGE))
    else:
        channel.queue_delete(key)
