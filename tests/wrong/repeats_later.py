"""Each of its workers does its last task of the load a second time, 1.5 s later."""

import threading
import time
from typing import Any

from tasks.frameworks.stub import Worker, is_load, launch, producer
from tasks.records import OK
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
LATER_S = 1.5


class Repeating(Worker):
    """Each task puts the repetition off; the last one's is done."""

    _timer: threading.Timer | None = None

    def execute(self, seq: int, kind: str, arg: Any) -> None:
        super().execute(seq, kind, arg)
        if is_load(seq):
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(LATER_S, self._again, (seq, kind))
            self._timer.daemon = True
            self._timer.start()

    def _again(self, seq: int, kind: str) -> None:
        now = time.monotonic_ns()
        self.probe.record(seq, now, now, kind, OK)


def work(spec: Spec) -> None:
    Repeating(spec).run()
