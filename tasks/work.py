"""Bodies that do something: waiting on HTTP, and fixed amounts of computing.

Computing is a number of iterations, never a deadline: a slower arm does the same work. In the
coroutine form computing blocks the event loop, which is what a coroutine that computes does.
"""

import asyncio
import hashlib
import json
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tasks.onward import Onward
from tasks.payloads import expected
from tasks.records import PHASE_SHIFT, PHASES, TRIED

WARMUP = PHASES.index("warmup")
FAN_OUT = 10  # most calls of one task at a time
CLIENTS = 20
HTTP_TIMEOUT_S = 30.0
DOCUMENT_RECORDS = 100
MEGABYTE = 2**20


@dataclass(frozen=True)
class Site:
    """Where a body works: the trial's record folder, the mock API's address, and the way to send
    another task.
    """

    records: Path
    api: str = ""
    onward: Onward | None = None


Body = Callable[[Site, int, Any], None]
AsyncBody = Callable[[Site, int, Any], Awaitable[None]]


# ── Waiting ──────────────────────────────────────────────────────────────────────────────────


def client_options() -> dict[str, Any]:
    """Of every client: no certificates are read for plain HTTP, and connections are not counted."""
    import httpx

    plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return {"timeout": HTTP_TIMEOUT_S, "limits": unlimited, "verify": plain}


# httpx looks at every connection of a pool for every request: 200 in one pool take 12 ms of CPU a
# request, 10 take 1.5 ms. So there are many small pools, as many as tasks in flight.
@cache
def http_clients() -> list[Any]:
    """Clients of this process. Imported here: other scenarios never pay it."""
    import httpx

    return [httpx.Client(**client_options()) for _ in range(CLIENTS)]


@cache
def http_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=CLIENTS * FAN_OUT, thread_name_prefix="http")


@cache
def async_http_clients(_loop: asyncio.AbstractEventLoop) -> list[Any]:
    """Clients of this event loop: connections belong to a loop."""
    import httpx

    return [httpx.AsyncClient(**client_options()) for _ in range(CLIENTS)]


def http(site: Site, seq: int, fan_out: int) -> None:
    """``fan_out`` calls of the mock API side by side; raises when one is answered with an error."""
    client = http_clients()[seq % CLIENTS]

    def call(_: int) -> None:
        client.get(site.api).raise_for_status()

    if fan_out == 1:
        call(0)
        return
    for _ in http_threads().map(call, range(fan_out)):
        pass


async def http_async(site: Site, seq: int, fan_out: int) -> None:
    """The same by ``asyncio.gather``."""
    client = async_http_clients(asyncio.get_running_loop())[seq % CLIENTS]
    answers = await asyncio.gather(*(client.get(site.api) for _ in range(fan_out)))
    for answer in answers:
        answer.raise_for_status()


# ── Carrying ─────────────────────────────────────────────────────────────────────────────────


def carry(site: Site, seq: int, arg: Any) -> None:
    """Nothing with ``arg``, a payload's name and the payload; in the warm-up it must be intact.

    Comparing under load would be work that no framework does.
    """
    name, payload = arg
    if seq >> PHASE_SHIFT == WARMUP and payload != expected(name, site.records):
        raise ValueError(f"the payload {name!r} did not arrive as it was sent")


def model(site: Site, _seq: int, arg: Any) -> None:
    """Use a SQLAlchemy model that was passed, or load the one whose id was."""
    from tasks import models  # SQLAlchemy, where the scenario wants it only

    models.use(site.records, arg[1])


async def model_async(site: Site, _seq: int, arg: Any) -> None:
    """The same by a coroutine."""
    from tasks import models

    await models.use_async(site.records, arg[1])


def count_up(site: Site, what: str, seq: int) -> int:
    """Append a byte to the task's file of that name; how many there are now."""
    with (site.records / f"{what}{seq}").open("ab") as file:
        file.write(b".")
        return file.tell()


class NotYet(Exception):
    """A body that fails on purpose: the framework should try again."""


def flaky(site: Site, seq: int, failures: int) -> None:
    """Fail so many times, then succeed, whoever makes the attempts."""
    attempts = count_up(site, TRIED, seq)
    if attempts <= failures:
        raise NotYet(f"attempt {attempts} of {failures + 1}")


# ── Computing ────────────────────────────────────────────────────────────────────────────────


def pbkdf2(_site: Site, seq: int, iterations: int) -> None:
    """Derive a key by PBKDF2-HMAC-SHA256; OpenSSL releases the interpreter's lock meanwhile."""
    hashlib.pbkdf2_hmac("sha256", b"a password of usual length", seq.to_bytes(8), iterations)


def spin(_site: Site, _seq: int, iterations: int) -> None:
    """Pure Python, which holds the interpreter's lock."""
    value = 1
    for _ in range(iterations):
        value = (value * 1103515245 + 12345) % 2147483648


@cache
def document() -> str:
    """About 16 kB of nested JSON, the same in every process."""
    return json.dumps(
        [
            {
                "id": number,
                "name": f"customer {number}",
                "active": number % 3 == 0,
                "tags": [f"tag-{number % 7}", f"tag-{number % 11}"],
                "address": {"street": f"{number} Example Street", "zip": f"{10_000 + number}"},
            }
            for number in range(DOCUMENT_RECORDS)
        ]
    )


def parse(_site: Site, _seq: int, times: int) -> None:
    """Parse the document ``times`` times."""
    for _ in range(times):
        json.loads(document())


@cache
def megabyte() -> bytes:
    return bytes(range(256)) * (MEGABYTE // 256)


def digest(_site: Site, _seq: int, megabytes: int) -> None:
    """SHA-256 over so many MiB."""
    found = hashlib.sha256()
    for _ in range(megabytes):
        found.update(megabyte())
    found.digest()


def inline(body: Body) -> AsyncBody:
    """The coroutine form of a body that does not wait: the same, on the event loop."""

    async def run(site: Site, seq: int, arg: int) -> None:
        body(site, seq, arg)

    return run
