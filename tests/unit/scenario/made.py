"""Parts of a run without a process behind them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from harness.scenario.cell import CellPython
from harness.scenario.queues import Queues
from harness.scenario.run import Run
from harness.scenario.workers import StartWorkers, Workers
from infrastructure.service import Depth
from tasks.spec import Topology

ONE = Topology(processes=1, concurrency=1, prefetch=1, acks="late")
Names = Mapping[str, Sequence[str]]


def no_start(_env: Mapping[str, str], _places: Sequence[int] | None) -> list[Any]:
    raise AssertionError("nobody asked for workers")


def made_workers(*children: Any, start: StartWorkers = no_start) -> Workers:
    sampler: Any = SimpleNamespace(tolerant=False, look=dict)
    return Workers(children, start, sampler)


def made_broker(**changed: Any) -> Any:
    """A given server that holds nothing."""
    return SimpleNamespace(process=None, depth=lambda _names: Depth(0, 0, 0), **changed)


def made_run(
    folder: Path,
    broker: Any = None,
    topology: Topology = ONE,
    names: Names = {},  # noqa: B006  never changed
    *,
    varies: bool = False,
) -> Run:
    nothing: Any = SimpleNamespace()
    place: Any = SimpleNamespace(path=folder, records=folder)
    server = broker or made_broker()
    return Run(
        place,
        topology,
        server,
        Queues(server, {"in_flight": [], **names}, varies=varies),
        made_workers(),
        [],
        nothing,
        CellPython("", folder),
    )
