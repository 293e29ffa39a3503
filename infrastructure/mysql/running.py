"""A running MySQL or MariaDB server, ours or a given one, as the harness sees any broker."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pymysql

from infrastructure.errors import BrokerGap
from infrastructure.processes.child import Child
from infrastructure.servers import hash_of
from infrastructure.tables.address import Address
from infrastructure.tables.own import Own
from infrastructure.tables.running import ANSWER_S, CONNECT_S, Tables
from infrastructure.tables.statements import statement as packaged

# Differ in every trial without changing what the server does.
PRIVATE = {
    "port",
    "report_port",
    "datadir",
    "tmpdir",
    "slave_load_tmpdir",
    "replica_load_tmpdir",
    "pid_file",
    "init_file",
    "aria_log_dir_path",
    "wsrep_data_home_dir",
    "server_uid",
    "server_uuid",
    "hostname",
}
UNKNOWN_TABLE, UNKNOWN_THREAD, NOT_OWNER = 1146, 1094, 1095
OPTIONS: Mapping[str, Any] = {
    "connect_timeout": CONNECT_S,
    "read_timeout": ANSWER_S,
    "write_timeout": ANSWER_S,
    "autocommit": True,
    "init_command": "SET foreign_key_checks = 0",  # tables are dropped in any order
}

statement = partial(packaged, Path(__file__).parent)


class MySQL(Tables):
    GONE = (pymysql.OperationalError, pymysql.InterfaceError)
    ERROR = pymysql.Error
    OLDEST: ClassVar[Mapping[str, tuple[int, ...]]] = {"mysql": (8, 0), "mariadb": (10, 6)}
    QUOTE = "`"

    def __init__(
        self, url: str, asking: Address, own: Own | None, keys: Sequence[str] = ()
    ) -> None:
        super().__init__(url, asking, own, keys)
        said = str(self.ask("SELECT VERSION()")[0][0])
        name = "mariadb" if "MariaDB" in said else "mysql"
        self.version = f"{name} {said.partition('-')[0]}"
        known = dict(self.ask("SHOW GLOBAL VARIABLES"))
        self.config_hash = hash_of({k: v for k, v in known.items() if k not in PRIVATE})
        # Of a server of ours, that is what made it; a given one has served others before.
        self._before = self._of_others("Com\\_%")

    @staticmethod
    def connection(address: Address) -> Any:
        return pymysql.connect(**address.words("database"), **OPTIONS)

    def is_missing(self, error: Exception) -> bool:
        return error.args[:1] == (UNKNOWN_TABLE,)

    def tables(self) -> list[str]:
        return [self.quoted(name) for (name,) in self.ask(statement("tables"))]

    def drop(self, name: str) -> None:
        self.ask(f"DROP TABLE IF EXISTS {name}")  # a sequence of MariaDB's too

    def _of_others(self, names: str) -> dict[str, int]:
        """Counters of the server without the share of our own session, by name in lower case."""
        with self._turn:
            shares = dict(self.ask(f"SHOW SESSION STATUS LIKE '{names}'"))
            totals = dict(self.ask(f"SHOW GLOBAL STATUS LIKE '{names}'"))
        return {name.lower(): int(n) - int(shares[name]) for name, n in totals.items()}

    def commands(self) -> dict[str, int]:
        """Statements of clients by kind since the start, our own looks at the server taken off."""
        counts = self._of_others("Com\\_%")
        del counts["com_show_status"]  # ours, between the two looks
        since = {name: n - self._before.get(name, 0) for name, n in counts.items()}
        return {name.removeprefix("com_"): n for name, n in since.items() if n}

    def late_commands(self) -> dict[str, int]:
        """It tells all at once."""
        return {}

    def traffic(self) -> int:
        """Bytes, less our own but for a constant: what one look at the counters itself takes."""
        return sum(self._of_others(name)[name] for name in ("bytes_received", "bytes_sent"))

    def wal(self) -> int | None:
        """InnoDB's redo log, of all databases of the server."""
        found = self.ask("SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'")
        return int(found[0][1]) if found else None

    def restart(self, after_s: float) -> Child:
        child = super().restart(after_s)
        self._before = {}  # it counts anew
        return child

    def cut_connections(self) -> None:
        """End every session in this database but our own, from the server's side."""
        (own,) = self.ask("SELECT CONNECTION_ID(), DATABASE()")
        for number, _, _, database, *_ in self.ask("SHOW PROCESSLIST"):
            if number == own[0] or database != own[1]:
                continue
            try:
                self.ask(f"KILL {number}")
            except pymysql.Error as error:
                if error.args[0] == NOT_OWNER:
                    raise BrokerGap(f"this user may not end other sessions: {error}") from None
                if error.args[0] != UNKNOWN_THREAD:  # it has ended by itself
                    raise

    def memory(self) -> int:
        """Bytes of data and indexes in the database, counted now: by itself the server does it
        again only seconds after a tenth of the rows has changed.
        """
        if tables := self.tables():
            self.ask(f"ANALYZE NO_WRITE_TO_BINLOG TABLE {', '.join(tables)}")
        return int(self.ask(statement("size"))[0][0])

    def close(self) -> None:
        if self._connection.open:
            self._connection.close()
