"""What the broker modules of the floor have in common.

A module offers ``CLIENT``, ``work(spec)``, a class ``Producer``, and ``prepare(spec)`` where tables
have to stand before the first process comes.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from tasks.probe import Probe, Settings, write_settings
from tasks.spec import Spec

VERSION = "1.0"  # of this program: what a task costs changes with it
QUEUE = "raw"
WAIT_S = 1


@dataclass(frozen=True)
class Client:
    """The floor on one broker.

    ``distribution``: the package whose version counts. ``steps``: what is done for a task, in
    words. ``pending``, ``in_flight``, ``keys``, ``queues``, ``lingers_s``: see
    ``tasks.adapter.Launch``.
    """

    distribution: str
    steps: str
    pending: str
    in_flight: str
    keys: list[str]
    queues: list[str] = field(default_factory=list)
    lingers_s: float = 0.0


def probe_of(spec: Spec, client: Client, address: Callable[[], str]) -> Probe:
    """The probe of a worker that is connected; ``address`` reads where to."""

    def read_back() -> Settings:
        version = metadata.version(client.distribution)
        return {
            "broker_url": address(),
            "client": f"{client.distribution} {version}",
            "framework_version": VERSION,
        }

    write_settings(Path(spec.records), "main", read_back())
    return Probe(spec, read_back)


def early(spec: Spec) -> bool:
    """Whether a message is removed before the body runs: the variant for frameworks that do so."""
    return bool(spec.options.get("variant") == "early")


def end_on_sigterm() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def run(main: Coroutine[Any, Any, None]) -> None:
    """Until SIGTERM, on the event loop that costs least."""
    import uvloop  # not paid by the clients that block

    async def until_told() -> None:
        task: Any = asyncio.current_task()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        with suppress(asyncio.CancelledError):
            await main

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_told())
