"""One of its two workers takes nothing after its readiness task."""

import os
import signal
from pathlib import Path
from typing import Any

from tasks.frameworks.stub import Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Tired(Worker):
    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._claim = Path(spec.records) / "tired"

    def execute(self, seq: int, kind: str, arg: Any) -> None:
        super().execute(seq, kind, arg)
        try:
            os.close(os.open(self._claim, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        self.client.ask("ack")
        signal.pause()


def work(spec: Spec) -> None:
    Tired(spec).run()
