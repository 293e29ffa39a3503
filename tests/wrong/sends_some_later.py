"""Acknowledges all sends at once; one of ten reaches the broker half a second later."""

from typing import Any

from tasks.frameworks import stub
from tasks.frameworks.stub import launch, work
from tasks.spec import Spec
from tests.wrong.sends_later import Later

__all__ = ["launch", "producer", "work"]


class Seldom(Later):
    later_s = 0.5

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if seq % 10 == 9:
            super().send(seq, kind, arg, queue, delay_s)
        else:
            stub.Producer.send(self, seq, kind, arg, queue, delay_s)


def producer(spec: Spec) -> Seldom:
    return Seldom(spec)
