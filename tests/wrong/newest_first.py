"""Hands out the newest task first."""

from tasks.frameworks.stub import Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Newest(Worker):
    def turn(self) -> None:
        seq, kind, arg = self.client.ask("newest")
        self.execute(seq, kind, arg)
        self.client.ask("ack")


def work(spec: Spec) -> None:
    Newest(spec).run()
