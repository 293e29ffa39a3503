"""Reading settings from live objects, where a framework hands nobody its worker."""

import gc
import inspect
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit


def only(kind: type) -> Any:
    """The one object of a class in this process. Raises RuntimeError unless there is just one."""
    # Not isinstance: it asks objects for their class, and some only come to be when asked.
    found = [each for each in gc.get_objects() if issubclass(type(each), kind)]
    if len(found) != 1:
        raise RuntimeError(f"expected one {kind.__name__} in this process, found {len(found)}")
    return found[0]


def arguments(name: str) -> Mapping[str, Any]:
    """What the one running coroutine function of that name was called with, where a worker keeps
    its settings in no object: its variables. Raises RuntimeError unless there is just one.
    """
    found = [
        frame.f_locals
        for each in gc.get_objects()
        if inspect.iscoroutine(each) and each.__qualname__ == name and (frame := each.cr_frame)
    ]
    if len(found) != 1:
        raise RuntimeError(f"expected one running {name}, found {len(found)}")
    return found[0]


def log_level(logger: str) -> str:
    """From which level on a logger of that name passes lines on."""
    return logging.getLevelName(logging.getLogger(logger).getEffectiveLevel())


def redis_address(client: Any, url: str) -> str:
    """Where a client with redis-py's pool of connections goes: ``url`` itself if it goes there."""
    known = client.connection_pool.connection_kwargs
    return address(known.get("host"), known.get("port"), known.get("db"), url)


def address(host: str | None, port: int | None, db: Any, url: str) -> str:
    """``url`` itself if it leads to that database of a Redis server.

    Without the user otherwise: there is more than one way to quote a password.
    """
    asked = urlsplit(url)
    place = (host, port, int(db or 0))
    if place == (asked.hostname, asked.port or 6379, int(asked.path.strip("/") or 0)):
        return url
    return "redis://{}:{}/{}".format(*place)


def database_address(url: str, host: str, port: int, user: str, database: str) -> str:
    """The same of a connection to a server of tables, which has its port in every trial's URL."""
    asked = urlsplit(url)
    place = (host, port, user, database)
    theirs = (asked.hostname, asked.port, unquote(asked.username or ""), asked.path.strip("/"))
    return url if place == theirs else f"{asked.scheme}://{user}@{host}:{port}/{database}"
