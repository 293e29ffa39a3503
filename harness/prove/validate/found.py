"""What a check comes to, held against a bar.

Bars of counts are 99 % quantiles of what a right harness gives by chance: 123 of 2,000 and 18 of
200 false alarms at a nominal 5 %. A right harness misses one such bar in a hundred.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scipy import stats

from harness.judge.families import ALPHA


@dataclass(frozen=True)
class Found:
    """``at_most``: the bar is a most, otherwise a least."""

    name: str
    value: float
    unit: str
    bar: float
    at_most: bool
    sentence: str

    @property
    def passed(self) -> bool:
        return self.value <= self.bar if self.at_most else self.value >= self.bar


@dataclass(frozen=True)
class Check:
    """A row of METHOD 9 to be, and roughly how long it takes on two cores."""

    what: str
    expected_s: float
    run: Callable[[], Found]


def chance_most(experiments: int, share: float = ALPHA) -> int:
    """The 99 % quantile of how many of so many experiments go wrong by chance."""
    return int(stats.binom.ppf(0.99, experiments, share))
