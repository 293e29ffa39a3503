"""A broker of tables: what PostgreSQL and MySQL have in common when a queue is kept in them."""

import re
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.service import ENVIRONMENT, PORT_TRIES, Broker, Depth, free_port

READY_S = 30.0  # MariaDB's first start takes seconds on a small machine
PREPARE_S = 60.0
CONNECT_S = 5
ANSWER_S = 10
STOP_S = 30.0  # a server that syncs to a slow disk writes all it holds before it ends
POLL_S = 0.02
# Who the framework is, and where. Its password is another in every server: every user of this
# machine can reach a loopback port.
USER = DATABASE = "bench"


@dataclass(frozen=True)
class Address:
    """Where a server is and who asks there."""

    scheme: str
    user: str
    password: str
    host: str
    port: int
    database: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.user}:{self.password}@{self.at}"

    @property
    def at(self) -> str:
        """Host, port and database: all that a message may show."""
        return f"{self.host}:{self.port}/{self.database}"


def new_password() -> str:
    return secrets.token_hex(16)


def given(url: str, schemes: Mapping[str, int], form: str) -> Address:
    """A given address; ``schemes``: those that are served, with their default port.

    Raises UsageError without the address where it cannot be read: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    database = parts.path.strip("/")
    if parts.scheme not in schemes or not parts.hostname or not parts.username or not database:
        raise UsageError(f"--broker-url: this is not an address of the form {form}")
    return Address(
        parts.scheme, unquote(parts.username), unquote(parts.password or ""), parts.hostname,
        port or schemes[parts.scheme], unquote(database),
    )  # fmt: skip


@dataclass
class Own:
    """A server of ours and the folder that holds all of it. ``again`` starts it once more on its
    port and data, ``is_ready`` says whether that very process serves clients, ``end`` ends it.
    """

    process: Child
    home: Path
    again: Callable[[], Child]
    is_ready: Callable[[Child], bool]
    end: Callable[[Child], None]


class Tables(Broker):
    """A running server and one connection of our own to it, for depth and counters only.

    A database keeps what was committed whether or not anybody asks for ``durable``: that is what
    it is used for, and its default.
    """

    GONE: ClassVar[tuple[type[Exception], ...]]  # what an operation on a lost connection raises
    ERROR: ClassVar[type[Exception]]
    # The first versions that skip rows which others locked, by the server's name.
    OLDEST: ClassVar[Mapping[str, tuple[int, ...]]]
    QUOTE: ClassVar[str]
    sees_in_flight = True

    def __init__(
        self, url: str, connect: Callable[[], Any], own: Own | None, keys: Sequence[str] = ()
    ) -> None:
        self.url = url
        self.own = own
        self.process = own.process if own else None
        self._keys = keys
        self._connect = connect
        self._turn = threading.RLock()  # the sampler asks too
        self._connection = connect()

    @abstractmethod
    def is_missing(self, error: Exception) -> bool:
        """Whether this error says that a table does not exist."""

    @abstractmethod
    def tables(self) -> list[str]:
        """The tables in the database, as they stand in a statement."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Drop a table, as it stands in a statement, whoever refers to it; nothing if none."""

    def remove(self, key: str) -> None:
        """Drop what the framework made under a key of its adapter's: a table, by its name."""
        self.drop(self.quoted(key))

    @abstractmethod
    def memory(self) -> int:
        """Bytes that the database takes."""

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement; on a new connection if the old one was lost."""
        with self._turn:
            try:
                return self._rows(statement)
            except self.GONE:
                self._connect_again()
                return self._rows(statement)

    def _connect_again(self) -> None:
        with self._turn:
            self.close()
            self._connection = self._connect()

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def quoted(self, name: str) -> str:
        return self.QUOTE + name.replace(self.QUOTE, self.QUOTE * 2) + self.QUOTE

    def create(self, queues: Sequence[str]) -> None:
        """The framework's migration makes its tables."""

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """``names`` are queries that give one number, such as ``SELECT count(*) FROM task_queue
        WHERE status = 'pending'``. A table that does not exist yet holds nothing.
        """
        order = [(kind, query) for kind, group in names.items() for query in group]
        totals = {"pending": 0, "in_flight": 0, "delayed": 0}
        for (kind, _), number in zip(order, self._numbers([q for _, q in order]), strict=True):
            totals[kind] += number
        return Depth(**totals)

    def _numbers(self, queries: Sequence[str]) -> list[int]:
        """All in one statement, so that they speak of one instant."""
        if not queries:
            return []
        try:
            row = self.ask("SELECT " + ", ".join(f"({query})" for query in queries))[0]
        except self.ERROR as error:
            if not self.is_missing(error):
                raise
            return [self._number(query) for query in queries]
        return [int(number) for number in row]

    def _number(self, query: str) -> int:
        try:
            return int(self.ask(query)[0][0])
        except self.ERROR as error:
            if not self.is_missing(error):
                raise
            return 0

    def stored(self) -> int:
        return self.memory()

    def keys(self) -> int:
        """Rows in all tables of the database, counted."""
        return sum(self._numbers([f"SELECT count(*) FROM {table}" for table in self.tables()]))  # noqa: S608  names from the catalog, quoted

    def restart(self, after_s: float) -> Child:
        """End the server, and start it again on the same port and data after that; the new
        process. Raises BrokerGap for a given server, TrialFailed when it does not come back.
        """
        if self.own is None or self.process is None:
            raise BrokerGap("a given server is not ours to restart")
        self.own.end(self.process)
        time.sleep(after_s)
        self.process = self.own.again()
        if not wait_ready(self.process, self.own.is_ready):
            raise TrialFailed(f"the broker did not come back: {self.process.tail()}")
        self._connect_again()
        return self.process

    def stop(self) -> None:
        """End a server of ours; remove from a given one what the framework left, nothing else."""
        if self.own is None:
            for key in self._keys:
                self.remove(key)
        self.close()
        if self.own is not None and self.process is not None:
            self.own.end(self.process)
            shutil.rmtree(self.own.home, ignore_errors=True)  # a second call finds none

    @abstractmethod
    def close(self) -> None:
        """Close our own connection; a second call does nothing."""

    def try_rights(self) -> None:
        """Make and drop a table. Raises the driver's error where that is forbidden."""
        name = self.quoted(f"bench_rights_{secrets.token_hex(4)}")
        self.ask(f"CREATE TABLE {name} (n int)")
        self.ask(f"DROP TABLE {name}")


def make_home(folder: TrialFolder, name: str) -> Path:
    """A folder of a server's own: nobody else can look into it."""
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder.path))


def carry_out(argv: Sequence[str], folder: TrialFolder, what: str) -> None:
    """Run a program that prepares a server to its end. Raises TrialFailed with its log's end."""
    child = start(argv, "broker", folder, ENVIRONMENT, "broker")
    try:
        code = child.process.wait(PREPARE_S)
    except subprocess.TimeoutExpired:
        raise TrialFailed(f"{what} took over {PREPARE_S:.0f} s: {child.tail()}") from None
    finally:
        child.stop()
    if code:
        raise TrialFailed(f"the broker did not start: {what} failed: {child.tail()}")


def wait_ready(child: Child, is_ready: Callable[[Child], bool]) -> bool:
    """Whether it is within READY_S; False at once when it ends."""
    deadline = time.monotonic() + READY_S
    while child.alive() and time.monotonic() < deadline:
        if is_ready(child):
            return True
        time.sleep(POLL_S)
    return False


def start_own[S: Tables](
    begin: Callable[[int], Own], use: Callable[[Own, int], S], error: type[Exception]
) -> S:
    """What ``use`` makes of a server that ``begin`` started on a free port.

    Raises TrialFailed with the end of the server's log; ``error``: what its client raises.
    """
    for _ in range(PORT_TRIES):
        port = free_port()
        own = begin(port)
        try:
            if wait_ready(own.process, own.is_ready):
                return use(own, port)
        except error as refused:
            own.end(own.process)
            raise TrialFailed(
                f"the broker did not start: {refused}: {own.process.tail()}"
            ) from None
        except BaseException:
            own.end(own.process)
            raise
        own.end(own.process)
        if "already in use" not in own.process.tail():
            break
    raise TrialFailed(f"the broker did not start: {own.process.tail() or own.process.died()}")


def version_of(text: str) -> tuple[int, ...]:
    """The numbers in it, to be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def accept(server: Tables, at: str, form: str, *, flush: bool, rights: bool) -> None:
    """Refuse a given server that is too old, holds a table or forbids to make one; ``flush``
    allows to drop the tables. Raises UsageError, and leaves the server as it is then.
    """
    try:
        name, number = server.version.split()
        if version_of(number) < server.OLDEST[name]:
            oldest = ".".join(str(part) for part in server.OLDEST[name])
            raise UsageError(
                f"--broker-url {at}: this is {server.version}, which cannot skip rows that others "
                f"locked; name a server of {name} {oldest} or newer"
            )
        held = server.tables()
        if held and not flush:
            raise UsageError(
                f"--broker-url {at}: the database holds {len(held)} table(s) and would be "
                f"overwritten; name an empty one ({form}), or say --yes-flush to empty it"
            )
        if rights:
            server.try_rights()
        for table in held:
            server.drop(table)
    except server.ERROR as error:
        raise unusable(at, error) from None


def unusable(at: str, error: Exception) -> UsageError:
    return UsageError(f"--broker-url {at}: cannot use this server: {' '.join(str(error).split())}")
