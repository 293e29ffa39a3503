"""A running server of tables, as the harness sees any broker."""

import secrets
import shutil
import threading
import time
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.processes.child import Child
from infrastructure.service import Broker, Depth
from infrastructure.tables.address import Address
from infrastructure.tables.own import Own, wait_ready

CONNECT_S = 5
ANSWER_S = 10
STOP_S = 30.0  # a server that syncs to a slow disk writes all it holds before it ends


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
        self, url: str, asking: Address, own: Own | None, keys: Sequence[str] = ()
    ) -> None:
        self.url = url
        self.own = own
        self.process = own.process if own else None
        self._keys = keys
        self._connect = partial(self.connection, asking)
        self._turn = threading.RLock()  # the sampler asks too
        self._connection = self._connect()
        self.asked = 0  # statements of our own, a transaction each

    @staticmethod
    @abstractmethod
    def connection(address: Address) -> Any:
        """A connection by the client library. Raises its error."""

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
            self.asked += 1
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

    def spoil(self, name: str) -> None:
        raise BrokerGap(f"a table takes rows of its columns only, whoever writes them: {name}")

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
