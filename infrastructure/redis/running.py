"""A running Redis or Valkey server, ours or a given one, as the harness sees any broker."""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import redis

from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.processes.child import Child
from infrastructure.redis.depth import lengths
from infrastructure.redis.ready import wait_ready
from infrastructure.servers import hash_of
from infrastructure.service import SPOILED, Depth

ANSWER_S = 10.0
CONNECT_S = 5.0
RIGHTS_S = 60
# Differ in every trial without changing what the server does.
PRIVATE = {"port", "dir", "pidfile", "logfile", "unixsocket"}


class Redis:
    """A running server and a connection of our own to it, used for depth and counters only."""

    sees_in_flight = True

    def __init__(self, url: str, process: Child | None, keys: Sequence[str] = ()) -> None:
        self.url = url
        self.process = process
        self.again: Callable[[], Child] | None = None  # starts the same server once more
        self._keys = keys
        self._own: Counter[str] = Counter()
        self._counting = threading.Lock()  # the sampler asks too
        self._client: Any = redis.Redis.from_url(
            url, decode_responses=True, socket_timeout=ANSWER_S, socket_connect_timeout=CONNECT_S
        )
        try:
            info = self._client.info("server")
            self.config_hash = self._hash_configuration()
        except BaseException:
            self._client.close()
            raise
        name = info.get("server_name", "redis")
        self.version = f"{name} {info.get('valkey_version') or info['redis_version']}"

    def _hash_configuration(self) -> str:
        try:
            known = self._client.config_get("*")
        except redis.ResponseError:  # a managed server may forbid CONFIG
            return "unreadable"
        kept = {k: v for k, v in sorted(known.items()) if k not in PRIVATE}
        return hash_of(kept)

    def create(self, queues: Sequence[str]) -> None:
        """A key comes with its first value."""

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """``names`` are ``STRUCTURE:KEY``, for example ``list:celery``: see ``depth``."""
        order = [(kind, name) for kind, group in names.items() for name in group]
        counts, own = lengths(self._client, [name for _, name in order])
        with self._counting:  # now: a server that is being restarted counts what it answered only
            self._own.update(own)
        totals = {"pending": 0, "in_flight": 0, "delayed": 0}
        for (kind, _), count in zip(order, counts, strict=True):
            totals[kind] += count
        return Depth(**totals)

    def spoil(self, name: str) -> None:
        structure, _, key = name.partition(":")
        if structure == "list":
            self._client.lpush(key, SPOILED)
        elif structure == "zset":
            self._client.zadd(key, {SPOILED: 1000 * time.time()})
        elif structure == "lag":
            self._client.xadd(key.rpartition("/")[0], {SPOILED: SPOILED})
        else:
            raise BrokerGap(f"workers read from no list, sorted set or stream, but {name}")

    def commands(self) -> dict[str, int]:
        """Commands of clients by name, our own looks at the server taken off."""
        stats = self._client.info("commandstats")
        counts = {name.removeprefix("cmdstat_"): int(s["calls"]) for name, s in stats.items()}
        counts.pop("info", None)
        return {name: calls - self._own[name] for name, calls in counts.items()}

    def late_commands(self) -> dict[str, int]:
        """It tells all at once."""
        return {}

    def traffic(self) -> int:
        stats = self._client.info("stats")
        return int(stats["total_net_input_bytes"]) + int(stats["total_net_output_bytes"])

    def wal(self) -> None:
        """It has no log, but for scenarios that restart it."""

    def cut_connections(self) -> None:
        """Close every connection to our database but our own, from the server's side: a given
        server may have other clients.
        """
        ours = self._client.connection_pool.connection_kwargs.get("db", 0)
        try:
            kill = self._client.pipeline(transaction=False)
            for one in self._client.client_list(_type="normal"):
                if int(one["db"]) == ours:
                    kill.execute_command("CLIENT", "KILL", "ID", one["id"], "SKIPME", "YES")
            kill.execute()
        except redis.exceptions.NoPermissionError as error:
            raise BrokerGap(f"this user may not close other connections: {error}") from None

    def restart(self, after_s: float) -> Child:
        """End the server, and start it again on the same port and folder after that; the new
        process. Raises BrokerGap for a given server, TrialFailed when it does not come back.
        """
        if self.process is None or self.again is None:
            raise BrokerGap("a given server is not ours to restart")
        self.process.stop()
        with self._counting:
            self._own.clear()  # it counts anew
        time.sleep(after_s)
        self.process = self.again()
        at = self._client.connection_pool.connection_kwargs
        if not wait_ready(self.process, int(at["port"]), at["host"]):
            raise TrialFailed(f"the broker did not come back: {self.process.tail()}")
        return self.process

    def memory(self) -> int:
        return int(self._client.info("memory")["used_memory"])

    def stored(self) -> int:
        return self.memory()

    def keys(self) -> int:
        held = int(self._client.dbsize())
        with self._counting:
            self._own["dbsize"] += 1
        return held

    def empty(self) -> None:
        self._client.flushdb()

    def try_rights(self) -> None:
        """Write a key and remove it. Raises the client's error where that is forbidden."""
        name = f"bench-rights-{secrets.token_hex(8)}"
        self._client.set(name, "", ex=RIGHTS_S)  # goes by itself where only removing is forbidden
        self._client.unlink(name)

    def close(self) -> None:
        self._client.close()

    def stop(self) -> None:
        """End a server of ours; remove from a given one what the framework left, nothing else."""
        if self.process is None:
            for pattern in self._keys:
                for key in self._client.scan_iter(match=pattern, count=1000):
                    self._client.unlink(key)
        self._client.close()
        if self.process is not None:
            self.process.stop()
