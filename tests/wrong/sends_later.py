"""Acknowledges a send at once; a thread hands it to the broker 50 ms later."""

import queue as queues
import threading
import time
from typing import Any

from tasks.frameworks import stub
from tasks.frameworks.stub import launch, work
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Later(stub.Producer):
    later_s = 0.05

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._waiting: queues.SimpleQueue[tuple[float, tuple[int, str, Any]]] = queues.SimpleQueue()
        self._sending: threading.Thread | None = None

    def open(self) -> None:
        super().open()
        if self._sending is None:
            self._sending = threading.Thread(target=self._deliver, daemon=True)
            self._sending.start()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if kind in {"noop", "mark"}:
            self._waiting.put((time.monotonic() + self.later_s, (seq, kind, arg)))
        else:
            super().send(seq, kind, arg, queue, delay_s)

    def _deliver(self) -> None:
        own = stub.Client(self._url)
        while True:
            due, task = self._waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            own.ask("put", list(task))


def producer(spec: Spec) -> Later:
    return Later(spec)
