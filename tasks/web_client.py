"""A producer that is a web client: it sends a task by asking the web application to."""

import asyncio
from collections.abc import Callable
from typing import Any

MOST_CONNECTIONS = 100


class WebClient:
    """POST to the application of ``tasks.web``; its send is the request, its ack the answer."""

    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None

    def __init__(self, address: str) -> None:
        self._address = address
        self._session: Any = None

    async def open(self) -> None:
        import aiohttp  # of every cell; only this client needs it

        connector = aiohttp.TCPConnector(limit=MOST_CONNECTIONS)
        self._session = aiohttp.ClientSession(connector=connector)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        """Raises aiohttp.ClientError where the application answers with an error."""
        if queue or delay_s:
            raise NotImplementedError
        job = {"seq": seq, "kind": kind, "arg": arg}
        async with self._session.post(f"{self._address}/jobs", json=job) as answer:
            answer.raise_for_status()

    async def close(self) -> None:
        await self._session.close()
