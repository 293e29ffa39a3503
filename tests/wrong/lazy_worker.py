"""One of its two workers takes nothing once it has executed a readiness task and seen a gate."""

import os
import signal
from pathlib import Path
from typing import Any

from tasks.frameworks.stub import Worker, is_load, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Lazy(Worker):
    """The one that finds the first load task leaves all further ones to the other."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._claim = Path(spec.records) / "lazy"

    def execute(self, seq: int, kind: str, arg: Any) -> None:
        super().execute(seq, kind, arg)
        if is_load(seq) and self._is_the_lazy_one():
            self.client.ask("ack")
            signal.pause()

    def _is_the_lazy_one(self) -> bool:
        try:
            os.close(os.open(self._claim, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True


def work(spec: Spec) -> None:
    Lazy(spec).run()
