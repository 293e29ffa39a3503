"""What the host tells the cell: one JSON file per trial, and a phase command per line.

The spec is read from the path in the environment variable ``BENCH_SPEC``, since a framework's
own command line leaves no room for an argument of ours.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SPEC_VARIABLE = "BENCH_SPEC"
BROKER_URL = "{broker_url}"  # stands in a command where the host puts the trial's broker


@dataclass(frozen=True)
class Topology:
    """How many worker processes an arm runs and what each may hold.

    ``processes``: processes that execute tasks. ``concurrency``: tasks each of them executes at
    a time. ``prefetch``: tasks the whole arm may have reserved at the broker, executing ones
    included (0: no limit). ``acks``: ``late`` (after the task) or ``early`` (before it).
    """

    processes: int
    concurrency: int
    prefetch: int
    acks: str

    @property
    def slots(self) -> int:
        """Tasks in flight when all workers are busy."""
        return self.processes * self.concurrency


@dataclass(frozen=True)
class Spec:
    """One trial, as the cell sees it. ``options`` are the framework's own (the stub's mutants)."""

    framework: str
    broker: str
    broker_url: str
    profile: str
    scenario: str
    records: str
    options: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1))


def read_spec() -> Spec:
    """The spec of this process. Raises KeyError when BENCH_SPEC is not set."""
    return Spec(**json.loads(Path(os.environ[SPEC_VARIABLE]).read_text()))


@dataclass(frozen=True)
class Phase:
    """One command to the producer: send these tasks now.

    Closed loop: ``count`` tasks, one after the other.
    Open loop: ``schedule`` names a file of int64 offsets in ns from ``start_ns``; the intended
    time of task i is ``start_ns + offset[i]`` whatever happened before it.
    ``shards`` producers share it, each taking every shards-th task.
    ``first`` is the sequence number of the first task; ``arg`` goes to the body. ``virtual``:
    do not wait, the stamps are the schedule's (the stub's virtual time only). ``bare``: closed loop
    without a stamp or record, to see what those cost.
    """

    phase: str
    kind: str
    first: int = 0
    count: int = 0
    schedule: str = ""
    shards: int = 1
    start_ns: int = 0
    arg: int = 0
    virtual: bool = False
    bare: bool = False
