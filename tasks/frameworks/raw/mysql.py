"""MySQL and MariaDB by aiomysql: a table of messages, each step a commit of its own.

Nothing wakes a client of these servers, so a worker that found nothing asks again.
"""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomysql
import uvloop

from tasks.as_bytes import as_bytes, from_bytes
from tasks.frameworks.raw.client import Client, early, probe_of, run
from tasks.live import database_address
from tasks.spec import Spec

COUNT = "SELECT count(*) FROM raw_task WHERE"
POLL_S = 0.01
CLIENT = Client(
    "aiomysql",
    "SELECT FOR UPDATE SKIP LOCKED and UPDATE, the body, DELETE, each committed; "
    f"polls every {1000 * POLL_S:.0f} ms when idle",
    f"{COUNT} NOT claimed",
    f"{COUNT} claimed",
    ["raw_task"],
)
SQL = Path(__file__).parent / "sql"
# With the default, REPEATABLE READ, two workers lock gaps between rows and come to a deadlock.
ISOLATION = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
CLAIM = "UPDATE raw_task SET claimed = true WHERE id = %s"
REMOVE = "DELETE FROM raw_task WHERE id = %s"
PUT = "INSERT INTO raw_task (body) VALUES (%s)"


def statement(name: str) -> str:
    return (SQL / f"mysql_{name}.sql").read_text()


async def connect(spec: Spec, *, autocommit: bool) -> Any:
    parts = urlsplit(spec.broker_url)
    return await aiomysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        db=unquote(parts.path.strip("/")),
        autocommit=autocommit,
        init_command=ISOLATION,
    )


async def prepare(spec: Spec) -> None:
    connection = await connect(spec, autocommit=True)
    async with connection.cursor() as cursor:
        await cursor.execute(statement("create"))
    await connection.ensure_closed()


def work(spec: Spec) -> None:
    run(serve(spec))


async def serve(spec: Spec) -> None:
    connection, find = await connect(spec, autocommit=False), statement("find")
    first = early(spec)

    def address() -> str:
        live = (connection.host, connection.port, connection.user, connection.db)
        return database_address(spec.broker_url, *live)

    probe = probe_of(spec, CLIENT, address)
    async with connection.cursor() as cursor:
        while True:
            await cursor.execute(find)
            row = await cursor.fetchone()
            if row is None:
                await asyncio.sleep(POLL_S)
                continue
            await cursor.execute(REMOVE if first else CLAIM, row[:1])
            await connection.commit()
            await probe.run_async(*from_bytes(row[1]))
            if not first:
                await cursor.execute(REMOVE, row[:1])
                await connection.commit()


class Producer:
    """INSERT over one connection, which takes one statement at a time."""

    loop_factory = staticmethod(uvloop.new_event_loop)

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._connection: Any = None
        self._cursor: Any = None
        self._turn: Any = None  # belongs to an event loop, as the connection does

    async def open(self) -> None:
        self._connection = await connect(self._spec, autocommit=True)
        self._cursor = await self._connection.cursor()
        self._turn = asyncio.Lock()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        if queue or delay_s:
            raise NotImplementedError
        async with self._turn:
            await self._cursor.execute(PUT, (as_bytes(seq, kind, arg),))

    async def close(self) -> None:
        await self._connection.ensure_closed()
