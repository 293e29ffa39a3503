"""Acknowledges a send at once, and sends a hundred together."""

from typing import Any

from tasks.frameworks import stub
from tasks.frameworks.stub import is_load, launch, work
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
BATCH = 100


class Collecting(stub.Producer):
    """What is no load goes at once: nobody would get ready otherwise."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._kept: list[tuple[int, str, Any]] = []

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        del queue, delay_s
        self._kept.append((seq, kind, arg))
        if len(self._kept) == BATCH or not is_load(seq):
            self.flush()

    def flush(self) -> None:
        for kept in self._kept:
            super().send(*kept)
        self._kept.clear()

    def close(self) -> None:
        self.flush()
        super().close()


def producer(spec: Spec) -> Collecting:
    return Collecting(spec)
