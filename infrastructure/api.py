"""A mock HTTP API that tasks wait for: a stated latency, a stated share of errors, little CPU.

``python -m infrastructure.api PORT [ADDRESS]`` answers every GET after ``ms`` milliseconds; every
n-th with status 500 where ``fail_every=n`` says so (counted over all, so that the share is exact).
Requests are parsed by httptools on uvloop: the server must stay far cheaper than the workers that
call it.
"""

import asyncio
import sys
from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qs, urlsplit

import httptools
import uvloop

from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.servers import answers, of_ours, start_on_free_port

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"


class Counter:
    """How many requests were answered, over all connections."""

    requests = 0


class Connection(asyncio.Protocol):
    """One client's connection; answers in the order of requests, as HTTP/1.1 wants it."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._url = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_message_complete(self) -> None:
        asked = parse_qs(urlsplit(self._url.decode()).query)
        self._url = b""
        self._counter.requests += 1
        every = int(asked.get("fail_every", ["0"])[0])
        failed = every > 0 and self._counter.requests % every == 0
        seconds = float(asked.get("ms", ["0"])[0]) / 1e3
        asyncio.get_running_loop().call_later(seconds, self._answer, ERROR if failed else OK)

    def _answer(self, answer: bytes) -> None:
        if self._transport is not None:  # the client may have gone meanwhile
            self._transport.write(answer)


async def serve(port: int, address: str = "127.0.0.1") -> None:
    """``address``: another one only in a container, whose ports are not this machine's."""
    counter = Counter()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(counter), address, port, backlog=1024
    )
    async with server:
        await server.serve_forever()


def start_api(folder: TrialFolder, options: Mapping[str, float]) -> tuple[Child, str]:
    """Start it on a free port; the process, and the address that answers as ``options`` say.

    Raises TrialFailed.
    """
    query = "&".join(f"{name}={value:g}" for name, value in options.items())

    def answering(port: int, child: Child) -> tuple[Child, str] | None:
        return (child, f"http://127.0.0.1:{port}/?{query}") if answers(port) else None

    begin = of_ours("infrastructure.api", Role.API, folder)
    return start_on_free_port(begin, answering, "the mock API")


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), *sys.argv[2:]))
