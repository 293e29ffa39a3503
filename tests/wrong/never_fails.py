"""Says of a task that failed that it has succeeded, and does not try it again."""

from tasks.frameworks.stub import Worker, launch, producer, read_back
from tasks.probe import Probe
from tasks.records import OK
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


class RosyProbe(Probe):
    def record(self, seq: int, start: int, end: int, kind: str, _outcome: int) -> None:
        super().record(seq, start, end, kind, OK)


class Rosy(Worker):
    def make_probe(self, spec: Spec) -> Probe:
        return RosyProbe(spec, read_back)


def work(spec: Spec) -> None:
    Rosy(spec).run()
