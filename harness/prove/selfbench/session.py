"""A session of selfbench: with what it measures, and what it has found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.measure.metrics import Metric
from harness.trial.cell import Arm


@dataclass(frozen=True)
class Sizes:
    """How much of each; ``--quick`` takes a part."""

    calls: int = 200_000
    pairs: int = 20
    most_pairs: int = 60  # of the observer effect, unless it is known before
    scraped: int = 6  # turns of what scrapes cost
    sends: int = 1_500
    ping_pongs: int = 5_000
    records: int = 1_000_000
    requests: int = 2_500


QUICK_SIZES = Sizes(
    calls=50_000, pairs=10, most_pairs=20, sends=500, records=200_000, requests=2_000
)


@dataclass
class SelfbenchSession:
    """``arms`` are real cells on Valkey; ``capacity`` in tasks/s, by framework."""

    database: Path
    arms: Sequence[Arm]
    sizes: Sizes
    seed: int
    metrics: list[Metric] = field(default_factory=list)
    capacity: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str) -> None:
        self.metrics.append(Metric(name, value, unit))

    def found(self, name: str) -> float:
        """Raises KeyError for what was not measured."""
        return {metric.name: metric.value for metric in self.metrics}[name]
