"""What the harness asks of a broker, whatever it is."""

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from harness.errors import TrialFailed
from harness.folder import TrialFolder
from harness.processes import HARNESS_PYTHON, ROOT, Child, start


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
    """A running broker. ``process`` is None for a given server: its CPU cannot be seen."""

    url: str
    version: str
    config_hash: str
    process: Child | None

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """Tasks now, summed over the structures that the adapter names by meaning."""
        ...

    def commands(self) -> dict[str, int]:
        """Commands served since the start, by name; empty where the broker does not count."""
        ...

    def cut_connections(self) -> None:
        """Close every client's connection but our own, from the broker's side."""
        ...

    def restart(self, after_s: float) -> Child:
        """End it and start it again after that, with what it held if it was started durable."""
        ...

    def memory(self) -> int | None:
        """Bytes that the broker says it holds; None where it does not say."""
        ...

    def keys(self) -> int | None:
        """Entries that it keeps; None where that means nothing."""
        ...

    def stop(self) -> None: ...


READY_S = 10.0
PORT_TRIES = 5  # another process may take a free port before ours does


def answers(port: int) -> bool:
    """Whether somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def of_ours(module: str, role: str, folder: TrialFolder) -> Callable[[int], Child]:
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


def free_port() -> int:
    """A loopback port nobody listens on now. Another may take it: the caller retries."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
