"""PostgreSQL by psycopg: a table of messages, each step a commit of its own."""

from pathlib import Path
from typing import Any

import psycopg

from tasks.as_bytes import as_bytes, from_bytes
from tasks.frameworks.raw.client import WAIT_S, Client, early, end_on_sigterm, probe_of
from tasks.live import database_address
from tasks.spec import Spec

COUNT = "SELECT count(*) FROM raw_task WHERE"
CLIENT = Client(
    "psycopg",
    "UPDATE of a row FOR UPDATE SKIP LOCKED, the body, DELETE, each committed; NOTIFY wakes",
    f"{COUNT} NOT claimed",
    f"{COUNT} claimed",
    ["raw_task"],
)
SQL = Path(__file__).parent / "sql"
REMOVE = "DELETE FROM raw_task WHERE id = %s"


def statement(name: str) -> bytes:
    return (SQL / f"postgresql_{name}.sql").read_bytes()


def connect(spec: Spec) -> "psycopg.Connection[Any]":
    return psycopg.connect(spec.broker_url, autocommit=True)


async def prepare(spec: Spec) -> None:
    with connect(spec) as connection:
        connection.execute(statement("create"))


def address(connection: "psycopg.Connection[Any]", spec: Spec) -> str:
    live = connection.info
    return database_address(spec.broker_url, live.host, live.port, live.user, live.dbname)


def work(spec: Spec) -> None:
    end_on_sigterm()
    first, claim = early(spec), statement("take" if early(spec) else "claim")
    with connect(spec) as connection:
        connection.execute("LISTEN raw")
        probe = probe_of(spec, CLIENT, lambda: address(connection, spec))
        while True:
            row = connection.execute(claim).fetchone()
            if row is None:
                wait(connection)
                continue
            probe.run(*from_bytes(row[1]))
            if not first:
                connection.execute(REMOVE, row[:1])


def wait(connection: "psycopg.Connection[Any]") -> None:
    """Until somebody put a task there; those put while this worker was busy count at once."""
    for _ in connection.notifies(timeout=WAIT_S, stop_after=1):
        pass


class Producer:
    """INSERT and NOTIFY in one statement over one connection."""

    def __init__(self, spec: Spec) -> None:
        self._connection = connect(spec)
        self._put = statement("put")

    def open(self) -> None:
        """It is connected."""

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if queue or delay_s:
            raise NotImplementedError
        self._connection.execute(self._put, (as_bytes(seq, kind, arg),))

    def close(self) -> None:
        """The process ends next, and its connection with it."""
