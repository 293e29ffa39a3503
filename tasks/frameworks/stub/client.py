"""Who speaks to the stub's broker."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

from tasks.spec import Spec


class Client:
    """One connection to the stub's broker, one question at a time."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._socket = socket.create_connection((address.hostname, address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")

    def ask(self, *command: Any) -> Any:
        self._socket.sendall(json.dumps(command).encode() + b"\n")
        line = self._answers.readline()
        if not line:
            raise ConnectionError("the stub's broker closed the connection")
        return json.loads(line)

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


class Producer:
    """``put`` over one connection."""

    def __init__(self, spec: Spec) -> None:
        self._url = spec.broker_url
        self._client: Client | None = None

    def open(self) -> None:
        self._client = Client(self._url)

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        del queue
        if delay_s:
            raise ValueError("the stub has no delays")
        if self._client is None:
            raise RuntimeError("send before open")
        self._client.ask("put", [seq, kind, arg])

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
