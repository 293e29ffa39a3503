"""Drops one of a thousand tasks of the load."""

from typing import Any

from tasks.frameworks import stub
from tasks.frameworks.stub import is_load, launch, work
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Dropping(stub.Producer):
    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if not is_load(seq) or seq % 1000 != 999:
            super().send(seq, kind, arg, queue, delay_s)


def producer(spec: Spec) -> Dropping:
    return Dropping(spec)
