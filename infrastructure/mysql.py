"""MySQL and MariaDB: an installed server, or a given URL.

Only MariaDB was tried, from Debian: Oracle's mysqld could not be had where this was written. Where
the two differ, what its manual says is done.
"""

import os
import re
import shutil
import signal
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pymysql

from infrastructure.errors import BrokerGap, UsageError
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.service import ENVIRONMENT, ask_version, hash_of
from infrastructure.tables import (
    ANSWER_S,
    CONNECT_S,
    DATABASE,
    STOP_S,
    USER,
    Address,
    Own,
    Tables,
    accept,
    carry_out,
    given,
    make_home,
    new_password,
    start_own,
    unusable,
)

PROVIDERS = ("native",)
URL = "mysql://USER:PASSWORD@HOST:PORT/DATABASE"
BY_NAME = False
SCHEMES = {"mysql": 3306, "mariadb": 3306}
INSPECTOR = "inspector"

# The pinned configuration: loopback only, no socket in the file system (its path has a limit of
# 107 bytes, and trial folders may lie deep), durable as it is by default.
CONFIG = {
    "bind-address": "127.0.0.1",
    "socket": "",
    "skip-name-resolve": "1",
    "max-connections": "200",
    "innodb-flush-log-at-trx-commit": "1",
    "default-time-zone": "+00:00",
    "loose-mysqlx": "0",  # Oracle's second protocol, on a port of its own
}
RELAXED = {
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "0",
    "sync-binlog": "0",
}
# Differ in every trial without changing what the server does.
PRIVATE = {
    "port", "report_port", "datadir", "tmpdir", "slave_load_tmpdir", "replica_load_tmpdir",
    "pid_file", "init_file", "aria_log_dir_path", "wsrep_data_home_dir", "server_uid",
    "server_uuid", "hostname",
}  # fmt: skip
UNKNOWN_TABLE, UNKNOWN_THREAD, NOT_OWNER = 1146, 1094, 1095


def find(provider: str) -> str:
    """An installed mariadbd or mysqld with what prepares its data folder."""
    for name in ("mariadbd", "mysqld"):
        if program := which(name):
            if is_mariadb(program):
                install_program(program)
            return program
    raise UsageError(
        f"--provider {provider}: no mariadbd or mysqld on PATH or in /usr/sbin; install one: "
        "nox -s infra -- install mysql; or name a server with --provider url --broker-url "
        f"{URL}"
    )


def which(name: str, *folders: Path) -> str | None:
    """Servers stand in sbin, which users rarely have on their PATH."""
    path = [*map(str, folders), os.environ.get("PATH", ""), ENVIRONMENT["PATH"]]
    return shutil.which(name, path=os.pathsep.join(path))


def is_mariadb(program: str) -> bool:
    """By what it says: MariaDB's is called mysqld too."""
    return "MariaDB" in ask_version(program)


def install_program(program: str) -> str:
    base = Path(program).resolve().parent.parent
    if found := which("mariadb-install-db", base / "bin", base / "scripts"):
        return found
    raise UsageError(
        f"{program} is here, but mariadb-install-db, which prepares its data folder, is not on "
        "PATH; install all of the server: nox -s infra -- install mysql"
    )


def program_version(program: str) -> str:
    said = ask_version(program)
    number = re.search(r"Ver ([\d.]+)", said)
    return number[1] if number else said


class MySQL(Tables):
    GONE = (pymysql.OperationalError, pymysql.InterfaceError)
    ERROR = pymysql.Error
    OLDEST: ClassVar[Mapping[str, tuple[int, ...]]] = {"mysql": (8, 0), "mariadb": (10, 6)}
    QUOTE = "`"

    def __init__(
        self, url: str, asking: Address, own: Own | None, keys: Sequence[str] = ()
    ) -> None:
        super().__init__(url, partial(open_connection, asking), own, keys)
        said = str(self.ask("SELECT VERSION()")[0][0])
        name = "mariadb" if "MariaDB" in said else "mysql"
        self.version = f"{name} {said.partition('-')[0]}"
        known = dict(self.ask("SHOW GLOBAL VARIABLES"))
        self.config_hash = hash_of({k: v for k, v in known.items() if k not in PRIVATE})
        # Of a server of ours, that is what made it; a given one has served others before.
        self._before = self._of_others("Com\\_%")

    def is_missing(self, error: Exception) -> bool:
        return error.args[:1] == (UNKNOWN_TABLE,)

    def tables(self) -> list[str]:
        found = self.ask(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
        )
        return [self.quoted(name) for (name,) in found]

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
        found = self.ask(
            "SELECT coalesce(sum(data_length + index_length), 0) FROM information_schema.tables "
            "WHERE table_schema = DATABASE()"
        )
        return int(found[0][0])

    def close(self) -> None:
        if self._connection.open:
            self._connection.close()


def open_connection(address: Address) -> Any:
    return pymysql.connect(
        host=address.host, port=address.port, user=address.user, password=address.password,
        database=address.database, connect_timeout=CONNECT_S, read_timeout=ANSWER_S,
        write_timeout=ANSWER_S, autocommit=True,
        init_command="SET foreign_key_checks = 0",  # tables are dropped in any order
    )  # fmt: skip


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> MySQL:
    """Start a private server on a free loopback port. Raises TrialFailed with its log's end.

    ``durable`` changes nothing: a commit is on disk before it is acknowledged, unless relaxed.
    """
    del durable
    home = make_home(folder, "mysql")
    password, their_password = new_password(), new_password()
    carry_out(initialise_argv(program, home), folder, "preparing the data folder")
    users = home / "users.sql"
    users.write_text(users_sql(password, their_password))

    def begin(port: int) -> Own:
        argv = server_argv(program, port, home, more)
        again = partial(start, argv, "broker", folder, ENVIRONMENT, "broker")
        first = start([*argv, f"--init-file={users}"], "broker", folder, ENVIRONMENT, "broker")
        return Own(first, home, again, partial(is_ready, home / "pid"), end)

    def use(own: Own, port: int) -> MySQL:
        asking = Address("mysql", INSPECTOR, password, "127.0.0.1", port, DATABASE)
        theirs = Address("mysql", USER, their_password, "127.0.0.1", port, DATABASE)
        server = MySQL(theirs.url, asking, own)
        users.unlink()
        return server

    return start_own(begin, use, pymysql.Error)


def initialise_argv(program: str, home: Path) -> list[str]:
    """MariaDB's root can then only come by the socket, which there is not."""
    where = [*as_root(), f"--datadir={home / 'data'}"]
    if is_mariadb(program):
        more = ["--skip-test-db", "--skip-name-resolve"]
        return [install_program(program), "--no-defaults", *where, *more]
    return [program, "--no-defaults", "--initialize-insecure", *where]


def server_argv(program: str, port: int, home: Path, more: Mapping[str, str]) -> list[str]:
    """``--no-defaults`` must come first, or the machine's own configuration is read."""
    options = [f"--{key}={value}" for key, value in {**CONFIG, **more}.items()]
    places = [f"--datadir={home / 'data'}", f"--tmpdir={home}", f"--pid-file={home / 'pid'}"]
    return [program, "--no-defaults", *as_root(), f"--port={port}", *places, *options]


def as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def users_sql(password: str, their_password: str) -> str:
    """Carried out by the server before it serves anybody, one statement a line."""
    return "\n".join([
        f"CREATE DATABASE IF NOT EXISTS {DATABASE};",
        f"CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{their_password}';",
        f"GRANT ALL ON {DATABASE}.* TO '{USER}'@'127.0.0.1';",
        f"CREATE USER IF NOT EXISTS '{INSPECTOR}'@'127.0.0.1' IDENTIFIED BY '{password}';",
        f"GRANT ALL ON *.* TO '{INSPECTOR}'@'127.0.0.1' WITH GRANT OPTION;",
        f"ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';",
        "",
    ])  # fmt: skip


def is_ready(pid_file: Path, child: Child) -> bool:
    """Whether this very process listens: it writes its process id once it does. Whoever connects
    then waits until it serves.
    """
    try:
        return pid_file.read_text().strip() == str(child.pid)
    except FileNotFoundError:
        return False


def end(child: Child) -> None:
    child.stop(signal.SIGTERM, STOP_S)


def connect(url: str, keys: Sequence[str], *, flush: bool, rights: bool = True) -> MySQL:
    """Use a given server; ``keys`` are tables. Raises UsageError."""
    asking = given(url, SCHEMES, URL)
    try:
        server = MySQL(url, asking, None, keys)
    except pymysql.Error as error:
        raise unusable(asking.at, error) from None
    try:
        accept(server, asking.at, URL, flush=flush, rights=rights)
    except UsageError:
        server.close()
        raise
    return server
