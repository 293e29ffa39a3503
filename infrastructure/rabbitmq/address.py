"""Where a RabbitMQ server is, and as whom it is used."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import amqp  # type: ignore[import-untyped]

URL = "amqp://USER:PASSWORD@HOST:PORT/VHOST"
ANSWER_S = 10.0


@dataclass(frozen=True)
class Address:
    """A server and virtual host of it. Its text has no password."""

    host: str
    port: int
    user: str
    password: str
    vhost: str
    encrypted: bool

    @classmethod
    def of(cls, url: str) -> "Address":
        """Raises ValueError for what is not an address of this kind."""
        parts = urlsplit(url)
        if parts.scheme not in {"amqp", "amqps"} or not parts.hostname:
            raise ValueError(f"it must read {URL}")
        encrypted = parts.scheme == "amqps"
        return cls(
            host=parts.hostname,
            port=parts.port or (5671 if encrypted else 5672),
            user=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            vhost=unquote(parts.path[1:]) or "/",
            encrypted=encrypted,
        )

    def connection(self) -> Any:
        opened = amqp.Connection(
            f"{self.host}:{self.port}",
            self.user,
            self.password,
            virtual_host=self.vhost,
            ssl=self.encrypted,
            heartbeat=0,
            connect_timeout=ANSWER_S,
            read_timeout=ANSWER_S,
            write_timeout=ANSWER_S,
        )
        try:
            opened.connect()
        except BaseException:
            opened.collect()
            raise
        return opened

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{quote(self.vhost, safe='')}"
