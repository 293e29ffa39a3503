"""One of its two workers takes nothing of the load, once it has held its slot of both gates."""

import os
import signal
from pathlib import Path
from typing import Any

from tasks.frameworks.stub import Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
LAST_GATE = 2


class Lazy(Worker):
    """The one that enters the gate before the load first leaves all that follows to the other."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._claim = Path(spec.records) / "lazy"

    def execute(self, seq: int, kind: str, arg: Any) -> None:
        super().execute(seq, kind, arg)
        if self.is_enough(kind, arg) and self._is_the_lazy_one():
            self.client.ask("ack")
            signal.pause()

    def is_enough(self, kind: str, arg: Any) -> bool:
        """Whether it is the last that a worker who is lazy does."""
        return (kind, arg) == ("gate", LAST_GATE)

    def _is_the_lazy_one(self) -> bool:
        try:
            os.close(os.open(self._claim, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True


def work(spec: Spec) -> None:
    Lazy(spec).run()
