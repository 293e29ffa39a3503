"""Runs the load in the process that sends it."""

from typing import Any

from tasks.frameworks import stub
from tasks.frameworks.stub import is_load, launch, work
from tasks.probe import Probe
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Eager(stub.Producer):
    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._probe = Probe(spec, stub.read_back)

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if is_load(seq):
            self._probe.run(seq, kind, arg)
        else:
            super().send(seq, kind, arg, queue, delay_s)


def producer(spec: Spec) -> Eager:
    return Eager(spec)
