"""Stamps its tasks 5 ms early, so that they look faster than they are."""

from tasks.frameworks.stub import Worker, launch, producer, read_back
from tasks.probe import Probe
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]
EARLY_NS = 5_000_000


class EarlyProbe(Probe):
    def record(self, seq: int, start: int, end: int, kind: str, outcome: int) -> None:
        super().record(seq, start - EARLY_NS, end - EARLY_NS, kind, outcome)


class Early(Worker):
    def make_probe(self, spec: Spec) -> Probe:
        return EarlyProbe(spec, read_back)


def work(spec: Spec) -> None:
    Early(spec).run()
