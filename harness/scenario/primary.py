"""What a verdict may be about: a metric, which way is better, and what is too little to matter."""

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """The direction that a reader of a metric hopes for."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class Words:
    """Which of two arms is ahead, in words that fit the metric."""

    better: str
    worse: str


FASTER = Words("faster", "slower")
CHEAPER = Words("cheaper", "dearer")

# METHOD 6: 5 % for what the wall clock measures, 3 % for CPU per task.
MARGIN, CPU_MARGIN = 0.05, 0.03


@dataclass(frozen=True)
class Primary:
    """``margin``: the share by which two arms have to differ for it to matter, 0.05 for 5 %."""

    name: str
    better: Better
    margin: float
    words: Words = FASTER


def higher(name: str) -> Primary:
    """A metric of which more is better, by the usual margin."""
    return Primary(name, Better.HIGHER, MARGIN)


def lower(name: str) -> Primary:
    """A metric of which less is better, by the usual margin."""
    return Primary(name, Better.LOWER, MARGIN)


# What several scenarios ask about.
DRAIN_RATE = higher("drain_rate")
SOJOURN_P50, SOJOURN_P99 = lower("sojourn_p50"), lower("sojourn_p99")
WORKERS_CPU = Primary("workers_cpu_per_task", Better.LOWER, CPU_MARGIN, CHEAPER)
