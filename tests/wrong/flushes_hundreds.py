"""Acknowledges a send at once, and sends a hundred together, or what there is after a moment."""

import threading
from typing import Any

from tasks.frameworks import stub
from tasks.frameworks.stub import launch, work
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
BATCH, MOMENT_S = 100, 1.0


class Collecting(stub.Producer):
    """What keeps the workers waiting goes at once: nobody would get ready otherwise."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._kept: list[tuple[int, str, Any]] = []
        self._lock = threading.Lock()

    def open(self) -> None:
        super().open()
        threading.Thread(target=self._flush_for_ever, daemon=True).start()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        del queue, delay_s
        with self._lock:
            self._kept.append((seq, kind, arg))
            if len(self._kept) == BATCH or kind not in {"noop", "mark"}:
                self._flush()

    def _flush(self) -> None:
        for kept in self._kept:
            super().send(*kept)
        self._kept.clear()

    def _flush_for_ever(self) -> None:
        pause = threading.Event()
        while not pause.wait(MOMENT_S):
            with self._lock:
                self._flush()


def producer(spec: Spec) -> Collecting:
    return Collecting(spec)
