"""A machine of the cluster, as the session sees it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from harness.experiment.cluster.pool import Handle, Pending
from harness.experiment.comparison.blocks import Block
from harness.machine.fingerprint import Fingerprint


class Doing(StrEnum):
    """``here``: it has said what it is, and nobody has decided yet whether it is one of us."""

    SITTING = "is asked for"
    JOINING = "looks at itself and builds its cells"
    HERE = "waits for the others"
    FREE = "is free"
    WORKING = "works"


@dataclass(frozen=True)
class Learn:
    """To measure what blocks need to know, on a machine of this kind."""

    kind: str = ""

    def __str__(self) -> str:
        return "the calibration"


Task = Learn | Block


def called(task: Task) -> str:
    return f"block {task.number}" if isinstance(task, Block) else str(task)


@dataclass
class Member:
    """``waits``: what it is doing. ``stored``: works of its that it may forget. ``since``: when the
    work began, monotonic, s. ``line``: what it said last. ``kind``: of its machine, by name, where
    unlike ones take part; else empty, as all are of one.
    """

    address: str
    name: str
    waits: Pending[Any] | None
    doing: Doing = Doing.SITTING
    seat: Handle | None = None
    card: Fingerprint = field(default_factory=dict)
    task: Task | None = None
    since: float = 0.0
    stored: list[str] = field(default_factory=list)
    line: str = ""
    kind: str = ""

    def __str__(self) -> str:
        what = f"{self.doing}" if self.task is None else called(self.task)
        return f"{what}: {self.line}" if self.line and self.task else what
