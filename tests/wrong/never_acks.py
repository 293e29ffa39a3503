"""Never acknowledges a task of the load."""

from tasks.frameworks.stub import Worker, is_load, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Silent(Worker):
    def turn(self) -> None:
        seq, kind, arg = self.client.ask("get")
        self.execute(seq, kind, arg)
        if not is_load(seq):
            self.client.ask("ack")


def work(spec: Spec) -> None:
    Silent(spec).run()
