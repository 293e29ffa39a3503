"""Acknowledges a task before its body, though late acknowledgement was asked for."""

from tasks.frameworks.stub import Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class First(Worker):
    def turn(self) -> None:
        seq, kind, arg = self.client.ask("get")
        self.client.ask("ack")
        self.execute(seq, kind, arg)


def work(spec: Spec) -> None:
    First(spec).run()
