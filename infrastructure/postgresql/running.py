"""A running PostgreSQL server, ours or a given one, as the harness sees any broker."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from infrastructure.errors import BrokerGap
from infrastructure.processes.child import Child
from infrastructure.servers import hash_of
from infrastructure.tables.address import Address
from infrastructure.tables.own import Own
from infrastructure.tables.running import ANSWER_S, CONNECT_S, Tables
from infrastructure.tables.statements import statement as packaged

# Differ in every trial, or by who looks, without changing what the server does.
PRIVATE = {
    "port",
    "data_directory",
    "config_file",
    "hba_file",
    "ident_file",
    "external_pid_file",
    "is_superuser",
    "session_authorization",
    "role",
    "application_name",
}
# What a name that a framework leaves can be, and the statement that drops it.
KINDS = {"r": "TABLE", "p": "TABLE", "S": "SEQUENCE", "v": "VIEW"}
statement = partial(packaged, Path(__file__).parent)


class PostgreSQL(Tables):
    GONE = (psycopg.OperationalError, psycopg.InterfaceError)
    ERROR = psycopg.Error
    OLDEST: ClassVar[Mapping[str, tuple[int, ...]]] = {"postgresql": (12,)}
    QUOTE = '"'

    def __init__(
        self, url: str, asking: Address, own: Own | None, keys: Sequence[str] = ()
    ) -> None:
        super().__init__(url, asking, own, keys)
        number = self._connection.info.server_version
        self.version = f"postgresql {number // 10000}.{number % 10000}"
        known = self.ask(statement("settings"))
        self.config_hash = hash_of({k: v for k, v in known if k not in PRIVATE})
        self._before = self._given_ids()

    @staticmethod
    def connection(address: Address) -> Any:
        return psycopg.connect(
            **address.words("dbname"),
            connect_timeout=CONNECT_S,
            autocommit=True,
            prepare_threshold=None,
            options=f"-c statement_timeout={ANSWER_S}s",
        )

    def is_missing(self, error: Exception) -> bool:
        return isinstance(error, psycopg.errors.UndefinedTable)

    def tables(self) -> list[str]:
        return [name for (name,) in self.ask(statement("tables"))]

    def drop(self, name: str) -> None:
        literal = name.replace("'", "''")
        kind = self.ask(statement("kind").format(name=literal))
        if kind:
            self.ask(f"DROP {KINDS[kind[0][0]]} {name} CASCADE")

    def remove(self, key: str) -> None:
        """A key may be a pattern too (``procrastinate_*``): of functions and types besides."""
        if "*" not in key:
            super().remove(key)
            return
        like = key.replace("'", "''").replace("_", r"\_").replace("*", "%")
        for kind, name in self.ask(statement("left").format(like=like)):
            self.ask(f"DROP {kind} IF EXISTS {name} CASCADE")  # what goes takes others along

    def commands(self) -> dict[str, int]:
        """Transactions since the start that wrote or locked a row, by the ids that the server gave
        them: exact at any moment. Our own look only, and have none; autovacuum's few are in it.

        Statements are not counted: pg_stat_statements, which does, costs small ones a few percent
        of the server's CPU; and what sessions report of themselves comes up to ten seconds late.
        """
        return {"write_transactions": self._given_ids() - self._before}

    def late_commands(self) -> dict[str, int]:
        """Transactions of clients, reading ones too, our own taken off. A session that is at work
        tells them once a second, an idle one within ten.
        """
        return {"transactions": int(self.ask(statement("transactions"))[0][0]) - self.asked}

    def _given_ids(self) -> int:
        return int(self.ask("SELECT txid_snapshot_xmax(txid_current_snapshot())")[0][0])

    def restart(self, after_s: float) -> Child:
        child = super().restart(after_s)
        self._before = self._given_ids()
        return child

    def traffic(self) -> None:
        """PostgreSQL does not count bytes."""

    def wal(self) -> int:
        """Of all databases of the server. The first change of a page after a checkpoint writes the
        page whole, unless relaxed.
        """
        return int(self.ask("SELECT pg_current_wal_insert_lsn() - '0/0'")[0][0])

    def cut_connections(self) -> None:
        """End every session in this database but our own, from the server's side."""
        try:
            self.ask(statement("end_sessions"))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BrokerGap(f"this user may not end other sessions: {error}") from None

    def memory(self) -> int:
        """Bytes of the database's files, those of an empty one (7 MB) too."""
        return int(self.ask("SELECT pg_database_size(current_database())")[0][0])

    def close(self) -> None:
        self._connection.close()
