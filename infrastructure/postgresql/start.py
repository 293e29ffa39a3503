"""Starting a PostgreSQL server of ours."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg

from infrastructure.hosts.host import LOOPBACK
from infrastructure.postgresql.ending import LOCK, end
from infrastructure.postgresql.running import PostgreSQL
from infrastructure.postgresql.user import as_somebody
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.redact import new_password
from infrastructure.servers import ENVIRONMENT
from infrastructure.tables.address import DATABASE, INSPECTOR, USER, Address
from infrastructure.tables.own import Own
from infrastructure.tables.start import carry_out, make_home, start_own

# The pinned configuration: loopback only unless roles are on several hosts, and durable as it is by
# default.
CONFIG = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",  # initdb writes the machine's own
    "log_timezone": "UTC",
}
RELAXED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> PostgreSQL:
    """On loopback; where the trial's roles are on several hosts, on theirs and for those alone."""
    del durable  # a commit is on disk before it is acknowledged, unless relaxed
    before, user = as_somebody()
    home = make_home(folder, "postgresql")
    data = home / "data"
    password, their_password = new_password(), new_password()
    secret = home / "password"
    secret.write_text(password)
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    carry_out([*before, *initdb_argv(program, data, secret)], folder, "initdb")
    secret.unlink()
    address = folder.places.broker.address
    more = {**more, "listen_addresses": address}
    if address != LOOPBACK:
        let_in(data, folder.places.clients)

    def begin(port: int) -> Own:
        argv = [*before, *server_argv(program, port, data, more)]
        again = partial(start, argv, Role.BROKER, folder, ENVIRONMENT, "broker")
        return Own(again(), home, again, partial(is_ready, data), partial(end, data))

    def use(own: Own, port: int) -> PostgreSQL:
        asking = Address("postgresql", INSPECTOR, password, address, port, DATABASE)
        theirs = replace(asking, user=USER, password=their_password)
        make_database(asking, theirs)
        return PostgreSQL(theirs.url, asking, own)

    return start_own(begin, use, psycopg.Error)


def let_in(data: Path, addresses: Iterable[str]) -> None:
    """By their passwords; initdb lets in who comes by loopback."""
    with (data / "pg_hba.conf").open("a") as rules:
        rules.writelines(f"host all all {each}/32 scram-sha-256\n" for each in addresses)


def initdb_argv(program: str, data: Path, secret: Path) -> list[str]:
    """Fixed in what else follows from the machine's language. Data of a trial need not outlive
    the machine, so the files that initdb makes are not synced; what the server writes is.
    """
    return [
        str(Path(program).with_name("initdb")),
        f"--pgdata={data}",
        f"--username={INSPECTOR}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--locale=C",
        "--encoding=UTF8",
        "--no-sync",
    ]


def server_argv(program: str, port: int, data: Path, more: Mapping[str, str]) -> list[str]:
    options = [word for k, v in {**CONFIG, **more}.items() for word in ("-c", f"{k}={v}")]
    return [program, "-D", str(data), "-p", str(port), *options]


def is_ready(data: Path, child: Child) -> bool:
    """Whether this very process serves clients: it says so in a file of its data folder, with its
    process id in the first line and its state in the eighth.
    """
    try:
        lines = (data / LOCK).read_text().splitlines()
    except FileNotFoundError:
        return False
    return lines[:1] == [str(child.pid)] and "".join(lines[7:]).strip() == "ready"


def make_database(asking: Address, theirs: Address) -> None:
    """The framework's role, and a database that belongs to it."""
    with PostgreSQL.connection(replace(asking, database="postgres")) as first:
        first.execute(f"CREATE ROLE {theirs.user} LOGIN PASSWORD '{theirs.password}'")
        first.execute(f"CREATE DATABASE {theirs.database} OWNER {theirs.user}")
