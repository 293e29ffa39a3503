"""Reserves as it was asked until it has done a task of the load, and then a hundred a process."""

import queue
import threading
from typing import Any

from tasks.frameworks.stub import Client, Worker, is_load, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
RESERVED = 100


class Later(Worker):
    _ahead: queue.Queue[Any] | None = None

    def turn(self) -> None:
        if self._ahead is None:
            seq, kind, arg = self.client.ask("get")
        else:
            seq, kind, arg = self._ahead.get()
        self.try_to_execute(seq, kind, arg)
        self.client.ask("ack")
        if is_load(seq) and self._ahead is None:
            self._ahead = queue.Queue(RESERVED)
            threading.Thread(target=self._fetch, args=[self._ahead], daemon=True).start()

    def _fetch(self, ahead: queue.Queue[Any]) -> None:
        own = Client(self.url)
        while True:
            ahead.put(own.ask("get"))


def work(spec: Spec) -> None:
    Later(spec).run()
