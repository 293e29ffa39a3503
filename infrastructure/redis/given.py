"""Using a Redis or Valkey server that is there already: refused unless it is ours to use."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import redis

from infrastructure.counted import counted
from infrastructure.errors import UsageError
from infrastructure.redis.running import Redis

URL = "redis://HOST:PORT/DB"
BY_NAME = False
SCHEMES = {"redis": 6379, "rediss": 6379}
OLDEST = (6, 2)  # the first with LMOVE, by which AsyncTasQ reserves tasks; Valkey began at 7.2


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
            f"--broker-url {at}: the database holds {counted(held, 'key')} and would be "
            f"overwritten; name an empty one ({URL}), or say --yes-flush to empty it"
        )
    if rights:
        server.try_rights()
    if held:
        server.empty()


def unusable(at: str, error: Exception) -> UsageError:
    refused = isinstance(error, redis.ResponseError)  # it is there, and says no
    needs = "; the harness needs INFO, and to read and write every key" if refused else ""
    return UsageError(f"--broker-url {at}: cannot use this server: {error}{needs}")
