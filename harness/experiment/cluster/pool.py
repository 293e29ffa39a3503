"""The machines that there are, as Dask tells of them: its workers, each with a seat."""

import time
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, cast

from harness.experiment.cluster.seat import ClusterSession, Reply, Seat
from infrastructure.errors import BenchError

if TYPE_CHECKING:
    from distributed import Client, Future


ASK_S = 2.0


class Pending[T](Protocol):
    """What a machine is doing."""

    def done(self) -> bool: ...

    def result(self, timeout: float | None = None) -> T:
        """Raises what went wrong there, or that the machine is gone."""


class Handle(Protocol):
    """A seat, from afar (``harness.experiment.cluster.seat.Seat``)."""

    def work(self, text: str, stored: Sequence[str]) -> Pending[Reply]: ...

    def forget(self, stored: Sequence[str]) -> Pending[None]: ...


class Pool(Protocol):
    def machines(self) -> Mapping[str, str]:
        """Those that are there now: names by address. Raises BenchError where nobody can tell."""

    def sit(self, address: str) -> Pending[Handle]:
        """Ask for a machine's seat."""

    def lines(self) -> Iterator[tuple[str, str]]:
        """What machines have said since, with their addresses."""


class DaskPool:
    def __init__(self, client: "Client", session: ClusterSession) -> None:
        self.client, self.session = client, session
        self._there: Mapping[str, str] = {}
        self._asked = -ASK_S  # when they were looked up, monotonic, s
        self._seats: list[Future] = []  # Dask lets go of what nobody holds
        self._said: SimpleQueue[tuple[str, str]] = SimpleQueue()
        client.subscribe_topic(session.topic, lambda event: self._said.put(tuple(event[1])))

    def machines(self) -> Mapping[str, str]:
        """As they were two seconds ago at most: the scheduler may share a machine with a block."""
        if self.client.status != "running":
            raise BenchError(
                "the scheduler is gone, and its workers with it; what was measured is stored. "
                "Start them again, then go on by --resume"
            )
        if time.monotonic() - self._asked > ASK_S:
            found: Mapping[str, Any] = self.client.scheduler_info(n_workers=-1)["workers"]
            self._there = {address: called(address, it["name"]) for address, it in found.items()}
            self._asked = time.monotonic()
        return self._there

    def sit(self, address: str) -> Pending[Handle]:
        seat = actor(self.client, address, Seat, self.session)
        self._seats.append(seat)
        return cast("Pending[Handle]", seat)

    def lines(self) -> Iterator[tuple[str, str]]:
        try:
            while True:
                yield self._said.get_nowait()
        except Empty:
            return


def actor(client: "Client", address: str, kind: type, session: ClusterSession) -> "Future":
    """One of that kind in the worker there, and in no other."""
    return client.submit(
        kind,
        session,
        workers=[address],
        allow_other_workers=False,
        actor=True,
        pure=False,
        retries=0,
    )


def called(address: str, name: object) -> str:
    """A worker's name; its address where it was given none, its number on this machine."""
    if isinstance(name, int):
        return f"local {name + 1}"
    return str(name).rpartition("//")[2] or address
