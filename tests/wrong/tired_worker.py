"""One of its two workers takes nothing after its readiness task."""

from typing import Any

from tasks.frameworks.stub import launch, producer
from tasks.spec import Spec
from tests.wrong.lazy_worker import Lazy

__all__ = ["launch", "producer", "work"]


class Tired(Lazy):
    def is_enough(self, _kind: str, _arg: Any) -> bool:
        return True


def work(spec: Spec) -> None:
    Tired(spec).run()
