"""What the harness may cost: aims, by metric."""

from collections.abc import Iterable
from dataclasses import dataclass

from harness.measure.metrics import Metric


@dataclass(frozen=True)
class Aim:
    """A bar for a metric: at most ``limit`` away from zero, or at least ``limit``, in its unit."""

    limit: float
    most: bool = True

    def met(self, value: float) -> bool:
        return abs(value) <= self.limit if self.most else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.most else '≥'} {self.limit:,g}"


# By the metric's name before the framework's: ``observer_within_celery`` has ``observer_within``'s.
AIMS = {
    "probe_cost": Aim(3.0),
    "observer_within": Aim(2.0),
    "generator_lag_p99": Aim(1.0),
    "monitoring_loss_high": Aim(1.0),
    "enqueue_share_of_bare": Aim(0.97, most=False),
    "ingest_rate": Aim(500_000, most=False),
    "report_time": Aim(10.0),
    "report_memory": Aim(1e9),
    "export_time": Aim(6.0),  # a million records: a tenth of the time that ten millions may take
    "export_memory": Aim(1e9),
    "report_size": Aim(3e6),
    "trial_overhead": Aim(3.0),
    "clock_violations": Aim(0),
    "api_cpu_per_request": Aim(200.0),
}


def aim_of(name: str) -> Aim | None:
    return next((aim for stem, aim in AIMS.items() if name.startswith(stem)), None)


def missed(metrics: Iterable[Metric]) -> list[str]:
    """One sentence a missed aim."""
    return [
        f"{m.name}: {m.value:.4g} {m.unit}, aim {aim}"
        for m in metrics
        if (aim := aim_of(m.name)) and not aim.met(m.value)
    ]
