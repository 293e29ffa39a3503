"""What the harness asks of a broker, whatever it is.

A broker is one module of this folder, which is a :class:`Service`. Whoever adds one adds its name
to ``infrastructure.brokers``.
"""

import hashlib
import json
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeGuard

from infrastructure.errors import TrialFailed, UsageError
from infrastructure.processes.child import HARNESS_PYTHON, Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.root import ROOT


@dataclass(frozen=True)
class Depth:
    """Tasks at the broker: waiting, reserved by workers, and waiting for their time."""

    pending: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        return self.pending + self.in_flight + self.delayed


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

    def commands(self) -> dict[str, int]:
        """Commands served since the start, by name; empty where the broker does not count."""
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


# What a server of ours sees of the caller's environment.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"}
READY_S = 10.0
VERSION_S = 10.0
PORT_TRIES = 5  # another process may take a free port before ours does


def start_private[S](
    argv_of: Callable[[int], list[str]],
    ready: Callable[[Child, int], bool],
    use: Callable[[int, Child, Callable[[], Child]], S],
    folder: TrialFolder,
    taken: str,
) -> S:
    """Start a server on a free loopback port; what ``use`` makes of its port, its process and the
    way to start the same once more.

    ``taken``: what its log says when another has the port, which is then tried again with a new
    one. Raises TrialFailed with its log's end.
    """
    for _ in range(PORT_TRIES):
        port = free_port()
        again = partial(start, argv_of(port), Role.BROKER, folder, ENVIRONMENT, "broker")
        child = again()
        try:
            if ready(child, port):
                return use(port, child, again)
        except BaseException:
            child.stop()
            raise
        child.stop()
        if taken not in child.tail():
            break
    raise TrialFailed(f"the broker did not start: {child.tail() or child.died()}")


def answers(port: int) -> bool:
    """Whether somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def of_ours(module: str, role: Role, folder: TrialFolder) -> Callable[[int], Child]:
    """How a server module of ours is started on a port, in the harness's own environment."""

    def begin(port: int) -> Child:
        argv = [HARNESS_PYTHON, "-m", module, str(port)]
        return start(argv, role, folder, {"PYTHONPATH": str(ROOT)}, role)

    return begin


def start_on_free_port[T](
    begin: Callable[[int], Child], answering: Callable[[int, Child], T | None], what: str
) -> T:
    """Start a server by ``begin``; what ``answering`` makes of its port and process once it is
    there (None until then). Raises TrialFailed naming ``what``.
    """
    for _ in range(PORT_TRIES):
        port = free_port()
        child = begin(port)
        deadline = time.monotonic() + READY_S
        while child.alive() and time.monotonic() < deadline:
            if (found := answering(port, child)) is not None:
                return found
            time.sleep(0.01)
        child.stop()
    raise TrialFailed(f"{what} did not start: {child.tail() or child.died()}")


def ask_version(program: str, *arguments: str) -> str:
    """The first line a program answers to ``--version``. Raises UsageError when it does not run."""
    asked = [program, *(arguments or ("--version",))]
    try:
        done = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            timeout=VERSION_S,
            check=False,
            env=ENVIRONMENT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"{program} does not run here: {error}") from None
    lines = (done.stdout or done.stderr).strip().splitlines()
    if done.returncode or not lines:
        raise UsageError(f"{program} does not run here: {' '.join(lines[-1:])}")
    return lines[0]


def hash_of(configuration: Mapping[str, Any]) -> str:
    """SHA-256 of a configuration as the server reports it."""
    return hashlib.sha256(json.dumps(dict(sorted(configuration.items()))).encode()).hexdigest()


def free_port() -> int:
    """A loopback port nobody listens on now. Another may take it: the caller retries."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
