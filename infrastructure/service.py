"""What the harness asks of a broker, whatever it is.

A broker is one module of this folder, which is a :class:`Service`. Whoever adds one adds its name
to ``infrastructure.brokers``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeGuard

from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder

SPOILED = b"\x93bench: no framework wrote this\xff"


@dataclass(frozen=True)
class Depth:
    """Tasks at the broker: waiting, reserved by workers, and waiting for their time."""

    pending: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        return self.pending + self.in_flight + self.delayed


@dataclass(eq=False)
class Known:
    """What a running server is known by. ``_keys``: what frameworks make there."""

    url: str
    version: str
    config_hash: str
    process: Child | None
    _keys: Sequence[str]


class Broker(Protocol):
    """A running broker. ``process`` is None for a given server: its CPU cannot be seen.

    ``sees_in_flight``: whether it can be asked for the tasks that workers hold.
    """

    url: str
    version: str
    config_hash: str
    process: Child | None
    sees_in_flight: bool

    def create(self, queues: Sequence[str]) -> None:
        """Make these queues exist, for frameworks that expect it; their names as in ``depth``."""
        ...

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """Tasks now, summed over the structures that the adapter names by meaning."""
        ...

    def spoil(self, name: str) -> None:
        """Put a message that no framework wrote into a structure named as in ``depth``. Raises
        BrokerGap where it can hold none.
        """
        ...

    def commands(self) -> dict[str, int]:
        """Commands served since the start, by name; empty where the broker does not count."""
        ...

    def late_commands(self) -> dict[str, int]:
        """Commands by name that it counts, but tells only seconds later: for stretches much longer
        than that. Empty where ``commands`` has all.
        """
        ...

    def traffic(self) -> int | None:
        """Bytes received and sent since the start; None where the broker does not count."""
        ...

    def wal(self) -> int | None:
        """Bytes written to its write-ahead log since some start; None where it has none."""
        ...

    def cut_connections(self) -> None:
        """Close every client's connection but our own, from the broker's side. Raises BrokerGap."""
        ...

    def restart(self, after_s: float) -> Child:
        """End it and start it again after that, with what it held if it was started durable.

        Raises BrokerGap where it cannot, TrialFailed when it does not come back.
        """
        ...

    def memory(self) -> int | None:
        """Bytes that the broker says it holds; None where it does not say."""
        ...

    def stored(self) -> int | None:
        """Bytes that its messages take while nothing moves them, without what the broker needs for
        itself where it can tell these apart; None where it does not say.
        """
        ...

    def keys(self) -> int | None:
        """Entries that it keeps; None where that means nothing."""
        ...

    def stop(self) -> None:
        """End a server of ours; remove from a given one what the framework left, nothing else."""
        ...


class Service(Protocol):
    """What a broker's module offers: constants and functions."""

    @property
    def PROVIDERS(self) -> Sequence[str]:  # noqa: N802  a module's constant, as the next three
        """Those it has beside ``url``, in the order in which ``auto`` tries them."""
        ...

    @property
    def RELAXED(self) -> Mapping[str, str]:  # noqa: N802
        """Configuration of ``--durability relaxed``, empty where there is no such variant."""
        ...

    @property
    def URL(self) -> str:  # noqa: N802
        """An address of it, for messages."""
        ...

    @property
    def BY_NAME(self) -> bool:  # noqa: N802
        """Whether it is a :class:`ServiceByName`."""
        ...

    def find(self, provider: str) -> str:
        """The program that a provider starts. Raises UsageError with what was tried and the one
        command that helps.
        """
        ...

    def program_version(self, program: str) -> str:
        """What the program says of its version. Raises UsageError when it does not run."""
        ...

    def start_server(
        self, program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
    ) -> Broker:
        """Start a private server on a free loopback port. Raises TrialFailed with its log's end.

        ``more``: configuration beyond the pinned one. ``durable``: what it holds survives a
        restart.
        """
        ...

    def connect(self, url: str, keys: Sequence[str], *, flush: bool, rights: bool = True) -> Broker:
        """Use a given server, refused unless it is empty or ``flush`` allows to empty it.

        ``keys``: what the framework makes there, to be removed when it is given back. ``rights``:
        whether they are tried, which writes something there and removes it. Raises UsageError when
        it cannot be reached, holds data or lacks rights.
        """
        ...


class ServiceByName(Service, Protocol):
    """One whose given server says what it holds only of queues that are named, as a trial does."""

    def connect(
        self,
        url: str,
        keys: Sequence[str],
        *,
        flush: bool,
        rights: bool = True,
        known: Sequence[str] = (),
    ) -> Broker:
        """The same; of the keys, ``known`` were looked at before, and are not emptied again."""
        ...


def by_name(service: Service) -> TypeGuard[ServiceByName]:
    return service.BY_NAME
