"""Reserves up to a hundred tasks where two were asked for in all."""

from typing import Any

from tasks.frameworks.stub import Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
RESERVED = 100


class Greedy(Worker):
    def turn(self) -> None:
        taken: list[Any] = self.client.ask("take", RESERVED)
        for seq, kind, arg in taken:
            self.execute(seq, kind, arg)
            self.client.ask("ack")


def work(spec: Spec) -> None:
    Greedy(spec).run()
