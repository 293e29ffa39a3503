"""Does one round of what it was asked to compute, and says that it did all of them."""

from typing import Any

from tasks.frameworks.stub import Worker, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Sloppy(Worker):
    def execute(self, seq: int, kind: str, arg: Any) -> None:
        super().execute(seq, kind, 1 if kind == "pbkdf2" else arg)


def work(spec: Spec) -> None:
    Sloppy(spec).run()
