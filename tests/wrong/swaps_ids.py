"""Gives each of two tasks the other's number."""

from typing import Any

from tasks.frameworks import stub
from tasks.frameworks.stub import launch, work
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Swapping(stub.Producer):
    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if kind == "mark":  # the first of them has an odd number
            seq = ((seq + 1) ^ 1) - 1
        elif kind == "noop":
            seq ^= 1
        super().send(seq, kind, arg, queue, delay_s)


def producer(spec: Spec) -> Swapping:
    return Swapping(spec)
