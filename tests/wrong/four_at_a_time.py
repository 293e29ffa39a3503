"""Runs four tasks at a time in each process where one was asked for."""

import signal
import sys
import threading

from tasks.frameworks.stub import Client, Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
THREADS = 4


class Threaded(Worker):
    """Each thread asks by a connection of its own."""

    def run(self) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        for _ in range(THREADS):
            threading.Thread(target=self._serve, daemon=True).start()
        signal.pause()

    def _serve(self) -> None:
        client = Client(self.url)
        while True:
            seq, kind, arg = client.ask("get")
            self.execute(seq, kind, arg)
            client.ask("ack")


def work(spec: Spec) -> None:
    Threaded(spec).run()
