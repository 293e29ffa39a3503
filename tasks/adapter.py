"""What an adapter must offer. Adapters translate, they never measure.

A framework is one module in ``tasks/frameworks``, or a package where that gets long, with the
functions of :class:`Adapter`. Timing, counting, pacing and judging stay outside it, the same for
all.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from tasks.spec import Beside, Spec, Topology

# The names in tasks/frameworks/facts.toml, of which docs/frameworks.md is made:
# what the framework can do of itself, in a few words each, "no" where it cannot. ``send``: sync,
# async or both; ``batches``: several tasks in one call; ``acknowledgement``: before or after the
# task; ``redelivery``: what becomes of a task whose worker was killed by kill -9; ``groups``:
# tasks, and one that is started when all of them have succeeded; ``timeouts``: a task that takes
# too long is ended; ``autoscaling``: as many processes as there is work for.
CAPABILITIES = (
    "results", "groups", "timeouts", "autoscaling", "retries", "delay", "priority", "cron",
    "events", "send", "batches", "acknowledgement", "redelivery", "licence",
)  # fmt: skip


UNIT = "{unit}"  # in a word of a worker's command: which of its units it is, from 1


@dataclass(frozen=True, kw_only=True)
class Launch(Beside):
    """How the host starts the workers of an arm and what it may hold them to.

    ``workers``: one module command a worker group, as ``[module, argument, ...]``, run with
    ``python -m``. ``asked``: settings every worker must read back exactly. ``depth``: names of
    the broker's structures by meaning (``pending``, ``in_flight``, ``delayed``), each as
    ``STRUCTURE:KEY`` (``list:celery``) at a server of keys, a query that counts at one of tables,
    a queue's name at one of queues; an empty ``in_flight`` cannot be seen there. ``source``: where
    the profile's settings come from.
    """

    workers: list[list[str]]
    topology: Topology
    asked: dict[str, Any]
    depth: dict[str, list[str]]
    source: str


class Gap(Exception):
    """The framework cannot do what is asked: a finding, which the report states in these words."""


class SyncProducer(Protocol):
    """Sends tasks by the framework's blocking call. ``send`` returns when the broker has it: the
    id that the framework gave the task, a UUID, where events are told by it.

    ``queue``: one of the spec's wanted queues; empty: the usual one. ``delay_s``: not to be
    started before that long from now.
    """

    def open(self) -> None: ...
    def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str | None: ...
    def close(self) -> None: ...


class SyncGroups(Protocol):
    """A producer that sends groups, where the framework has any."""

    def send_group(self, first: int, members: int) -> None:
        """No-ops numbered from ``first`` on, and the one after them, which the framework starts
        when all of them have succeeded. Returns when the broker has it.
        """
        ...


class AsyncGroups(Protocol):
    """The same by a coroutine."""

    async def send_group(self, first: int, members: int) -> None: ...


class AsyncProducer(Protocol):
    """Sends tasks by the framework's coroutine. Opened and closed inside one event loop."""

    # The loop the framework recommends for its own programs; None: asyncio's default.
    loop_factory: Callable[[], Any] | None

    async def open(self) -> None: ...
    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str | None: ...
    async def close(self) -> None: ...


class SyncCaller(SyncProducer, Protocol):
    """One that waits for results too, of a framework that stores them; by many threads at a time.
    ``call`` sends a task and returns its result.
    """

    def call(self, seq: int, kind: str, arg: Any) -> Any: ...


class AsyncCaller(AsyncProducer, Protocol):
    """The same of coroutines."""

    async def call(self, seq: int, kind: str, arg: Any) -> Any: ...


class Adapter(Protocol):
    """The functions of a framework's module: the first two always, the others where something
    asks for them. A test holds every module to it.

    One that takes settings of the framework's own (``--set``) says which in ``SETTINGS``, a
    ``tasks.settings.Own``, and reads back each that the arm sets, under its name.
    """

    def launch(self, spec: Spec) -> Launch:
        """How workers start and what they are held to. Raises Gap."""
        ...

    def producer(self, spec: Spec) -> SyncProducer | AsyncProducer: ...

    def import_client(self, spec: Spec) -> None:
        """Where importing the adapter does not do it: import the broker's client as the framework
        will, and connect to nothing. Raises ImportError.
        """
        ...

    def work(self, spec: Spec) -> None:
        """A worker, until SIGTERM: what ``tasks.worker`` runs, one of the commands ``workers``."""
        ...

    async def prepare(self, spec: Spec) -> None:
        """What ``tasks.prepare`` runs, one of the commands ``before``."""
        ...

    def listen(
        self, spec: Spec, ready: Callable[[], None], heard: Callable[[str, str], None]
    ) -> None:
        """Where it has a stream of events: calls ``ready`` when it is subscribed, then ``heard``
        with every event of ``tasks.records.EVENTS`` and the task's id, until the process ends.
        """
        ...

    def web_producer(self, spec: Spec) -> SyncProducer | AsyncProducer:
        """A producer whose ``open`` and ``close`` are the lifespan of the framework's own
        integration for FastAPI; without one ``tasks.web`` takes ``producer``.
        """
        ...


def load_adapter(spec: Spec) -> Adapter:
    """Import ``tasks.frameworks.FRAMEWORK``, or the file that the spec names instead. Raises
    ImportError when the cell lacks something of it.
    """
    import importlib

    path = Path(spec.adapter)
    if spec.adapter and str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    name = path.stem if spec.adapter else f"tasks.frameworks.{spec.framework}"
    return cast("Adapter", importlib.import_module(name))
