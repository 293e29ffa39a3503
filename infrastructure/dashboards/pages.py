"""The four dashboards, each a list of panels."""

from collections.abc import Sequence
from dataclasses import dataclass

from infrastructure.dashboards.panels import (
    COMPARED,
    COMPLETED,
    COST,
    CPU,
    DEPTH,
    FAILED,
    HARNESS,
    LEFT,
    MEMORY,
    PROCESSES,
    PROGRESS,
    SENT,
    SOJOURN,
    TRIAL,
    TRIALS,
    Panel,
)


@dataclass(frozen=True)
class Dashboard:
    """A page of Grafana. ``arms``: a regular expression of the arms that one can choose from."""

    uid: str
    title: str
    description: str
    panels: Sequence[Panel]
    arms: str = ".+"


OF_A_FRAMEWORK = (
    COMPLETED,
    SENT,
    SOJOURN,
    DEPTH,
    COST,
    CPU,
    MEMORY,
    FAILED,
    TRIALS,
    TRIAL,
)
LIVE = "Live figures are a preview; nox -s report shows what was stored."
DASHBOARDS = (
    Dashboard("bench-asynctasq", "AsyncTasQ", LIVE, OF_A_FRAMEWORK, "asynctasq .+"),
    Dashboard("bench-celery", "Celery", LIVE, OF_A_FRAMEWORK, "celery .+"),
    Dashboard(
        "bench-system",
        "System",
        "What producers, workers, broker and harness take.",
        (CPU, MEMORY, PROCESSES, PROGRESS, LEFT, *HARNESS),
    ),
    Dashboard("bench-comparison", "Comparison", LIVE, COMPARED),
)
