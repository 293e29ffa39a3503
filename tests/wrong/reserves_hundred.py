"""Reserves up to a hundred tasks in each process where two were asked for in all."""

import queue
import threading
from typing import Any

from tasks.frameworks.stub import Client, Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
RESERVED = 100


class Greedy(Worker):
    """A thread fetches ahead of what is executed."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._ahead: queue.Queue[Any] = queue.Queue(RESERVED)
        threading.Thread(target=self._fetch, daemon=True).start()

    def _fetch(self) -> None:
        own = Client(self.url)
        while True:
            self._ahead.put(own.ask("get"))

    def turn(self) -> None:
        self.try_to_execute(*self._ahead.get())
        self.client.ask("ack")


def work(spec: Spec) -> None:
    Greedy(spec).run()
