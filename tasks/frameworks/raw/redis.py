"""Redis and Valkey by redis-py: a list of messages, and one of those that workers have."""

from typing import Any, cast

import redis

from tasks.as_bytes import as_bytes, from_bytes
from tasks.frameworks.raw.client import (
    QUEUE,
    WAIT_S,
    Client,
    early,
    end_on_sigterm,
    probe_of,
)
from tasks.live import redis_address
from tasks.spec import Spec

CLAIMED = "raw:processing"
CLIENT = Client(
    "redis", "BLMOVE, the body, LREM", f"list:{QUEUE}", f"list:{CLAIMED}", [QUEUE, CLAIMED]
)


def work(spec: Spec) -> None:
    end_on_sigterm()
    client = redis.Redis.from_url(spec.broker_url)
    probe = probe_of(spec, CLIENT, lambda: redis_address(client, spec.broker_url))
    while early(spec):
        found = cast("tuple[bytes, bytes] | None", client.brpop([QUEUE], WAIT_S))
        if found is not None:
            probe.run(*from_bytes(found[1]))
    while True:
        data = cast("bytes | None", client.blmove(QUEUE, CLAIMED, WAIT_S, "RIGHT", "LEFT"))
        if data is not None:
            probe.run(*from_bytes(data))
            client.lrem(CLAIMED, 1, data)  # type: ignore[arg-type]  # bytes are what it holds


class Producer:
    """LPUSH over one connection."""

    def __init__(self, spec: Spec) -> None:
        self._client = redis.Redis.from_url(spec.broker_url)

    def open(self) -> None:
        self._client.ping()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if queue or delay_s:
            raise NotImplementedError
        self._client.lpush(QUEUE, as_bytes(seq, kind, arg))

    def close(self) -> None:
        """The process ends next, and its connection with it."""
