"""Runs an empty body where another was asked for."""

from typing import Any

from tasks.frameworks.stub import Worker, is_load, launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class Another(Worker):
    def execute(self, seq: int, kind: str, arg: Any) -> None:
        if is_load(seq):
            super().execute(seq, "nap", 0)
        else:
            super().execute(seq, kind, arg)


def work(spec: Spec) -> None:
    Another(spec).run()
