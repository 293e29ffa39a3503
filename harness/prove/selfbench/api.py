"""What a request costs the mock API."""

import asyncio
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from harness.prove.selfbench.session import SelfbenchSession
from infrastructure.api import OK, start_api
from infrastructure.processes.folder import TrialFolder

RATE, CLIENTS, ANSWER_MS = 500, 50, 100  # requests/s, connections


def api_cost(session: SelfbenchSession) -> None:
    """CPU that a request costs, at a steady rate over kept connections."""
    with tempfile.TemporaryDirectory() as place:
        folder = TrialFolder.create(Path(place), "api", {})
        api, address = start_api(folder, {"ms": ANSWER_MS})
        try:
            process = psutil.Process(api.pid)
            before = process.cpu_times()
            asyncio.run(ask(address, session.sizes.requests))
            after = process.cpu_times()
        finally:
            api.stop()
            folder.remove()
    used = after.user + after.system - before.user - before.system
    session.add("api_cpu_per_request", 1e6 * used / session.sizes.requests, "us")


async def ask(address: str, count: int) -> None:
    """Send ``count`` requests at RATE, over connections in turn, and read every answer."""
    url = urlsplit(address)
    request = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode()
    streams = [await asyncio.open_connection(url.hostname, url.port) for _ in range(CLIENTS)]
    begin = time.monotonic()
    for number in range(count):
        await asyncio.sleep(begin + number / RATE - time.monotonic())
        streams[number % CLIENTS][1].write(request)
    for place, (reader, writer) in enumerate(streams):
        await reader.readexactly(len(OK) * len(range(place, count, CLIENTS)))
        writer.close()
