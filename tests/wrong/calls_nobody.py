"""Says of a task that it has called the API, and has not."""

import time
from typing import Any

from tasks.frameworks.stub import Worker, launch, producer
from tasks.records import OK
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Silent(Worker):
    def execute(self, seq: int, kind: str, arg: Any) -> None:
        if kind != "http":
            super().execute(seq, kind, arg)
            return
        now = time.monotonic_ns()
        self.probe.record(seq, now, now, kind, OK)


def work(spec: Spec) -> None:
    Silent(spec).run()
