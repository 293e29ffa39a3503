"""Starting a MySQL or MariaDB server of ours."""

import os
import signal
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import pymysql

from infrastructure.hosts.host import LOOPBACK
from infrastructure.mysql.program import install_program, is_mariadb
from infrastructure.mysql.running import MySQL
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.redact import new_password
from infrastructure.servers import ENVIRONMENT
from infrastructure.tables.address import DATABASE, INSPECTOR, USER, Address
from infrastructure.tables.own import Own
from infrastructure.tables.running import STOP_S
from infrastructure.tables.start import carry_out, make_home, start_own

# The pinned configuration: loopback only unless roles are on several hosts, no socket in the file
# system (its path has a limit of 107 bytes, and trial folders may lie deep), durable as it is by
# default.
CONFIG = {
    "bind-address": LOOPBACK,
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


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> MySQL:
    """On loopback; where the trial's roles are on several hosts, on theirs and for those alone."""
    del durable  # a commit is on disk before it is acknowledged, unless relaxed
    home = make_home(folder, "mysql")
    password, their_password = new_password(), new_password()
    carry_out(initialise_argv(program, home), folder, "preparing the data folder")
    users = home / "users.sql"
    address = folder.places.broker.address
    more = {**more, "bind-address": address}
    users.write_text(users_sql(password, their_password, folder.places.clients))

    def begin(port: int) -> Own:
        argv = server_argv(program, port, home, more)
        again = partial(start, argv, Role.BROKER, folder, ENVIRONMENT, "broker")
        first = start([*argv, f"--init-file={users}"], Role.BROKER, folder, ENVIRONMENT, "broker")
        return Own(first, home, again, partial(is_ready, home / "pid"), end)

    def use(own: Own, port: int) -> MySQL:
        asking = Address("mysql", INSPECTOR, password, address, port, DATABASE)
        theirs = Address("mysql", USER, their_password, address, port, DATABASE)
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


def users_sql(password: str, their_password: str, addresses: Iterable[str]) -> str:
    """Carried out by the server before it serves anybody, one statement a line: the users may come
    from these addresses.
    """
    lines = [f"CREATE DATABASE IF NOT EXISTS {DATABASE};"]
    for each in addresses:
        theirs, ours = f"'{USER}'@'{each}'", f"'{INSPECTOR}'@'{each}'"
        lines += [
            f"CREATE USER IF NOT EXISTS {theirs} IDENTIFIED BY '{their_password}';",
            f"GRANT ALL ON {DATABASE}.* TO {theirs};",
            f"CREATE USER IF NOT EXISTS {ours} IDENTIFIED BY '{password}';",
            f"GRANT ALL ON *.* TO {ours} WITH GRANT OPTION;",
        ]
    lines.append(f"ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';")
    return "\n".join([*lines, ""])


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
