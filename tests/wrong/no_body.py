"""Records its tasks and does nothing, but for those that hold a gate."""

import time
from typing import Any

from tasks.frameworks.stub import Worker, launch, producer
from tasks.records import OK
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Idle(Worker):
    def execute(self, seq: int, kind: str, arg: Any) -> None:
        if kind == "gate":
            super().execute(seq, kind, arg)
            return
        now = time.monotonic_ns()
        self.probe.record(seq, now, now, kind, OK)


def work(spec: Spec) -> None:
    Idle(spec).run()
