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


@dataclass(frozen=True)
class Primary:
    """``margin``: the share by which two arms have to differ for it to matter, 0.05 for 5 %.

    METHOD 6 has 5 % for what the wall clock measures and 3 % for CPU per task.
    """

    name: str
    better: Better
    margin: float
    words: Words = FASTER
