"""The highest rate that holds an objective: geometric bisection, docs/method.md, section 4.

Pure arithmetic on a question, ``holds(rate)``; what a load point is and what it takes to pass is
the asker's.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

STEP = math.sqrt(2)
WIDTH = 0.05  # of the bracket, as a share
FARTHEST = 8  # steps outward: a factor of 16 either way
VOTES = 3


@dataclass(frozen=True)
class Bracket:
    """Rates in tasks/s: the objective holds at ``low`` and does not at ``high``.

    None where no such rate was found within a factor of 16 of the start.
    """

    low: float | None
    high: float | None

    def in_words(self, slo_ms: float, *, behind: bool) -> str:
        """The result as a sentence; ``behind``: at ``high`` the load generator was the limit."""
        objective = f"p99 ≤ {slo_ms:g} ms"
        if self.low is None:
            return f"{objective} was not held at any rate tried."
        if self.high is None:
            return f"{objective} was held at every rate tried, up to {shown(self.low)} tasks/s."
        limit = ", where the load generator fell behind: the queue may hold more" if behind else ""
        between = f"between {shown(self.low)} and {shown(self.high)} tasks/s"
        return f"{objective} is held up to {between}{limit}."


def shown(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def bracket(start: float, holds: Callable[[float], bool]) -> Bracket:
    """Steps of √2 from ``start`` until one rate holds and the next does not, then halving of the
    ratio until it is at most 1.05. Raises ValueError on a start that is not > 0.
    """
    if not start > 0:
        raise ValueError(f"a search starts at a rate > 0, not {start:g}")
    low, high = outward(start, holds)
    if low is None or high is None:
        return Bracket(low, high)
    while high / low > 1 + WIDTH:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return Bracket(low, high)


def outward(start: float, holds: Callable[[float], bool]) -> tuple[float | None, float | None]:
    """Two neighbouring rates of which the lower holds and the higher does not."""
    first = holds(start)
    last = start
    for _ in range(FARTHEST):
        rate = last * STEP if first else last / STEP
        if holds(rate) != first:
            return (last, rate) if first else (rate, last)
        last = rate
    return (last, None) if first else (None, last)


def majority(ask: Callable[[], bool], votes: int = VOTES) -> bool:
    """What more than half of ``votes`` answers say; asks no further once that is certain."""
    yes = no = 0
    while max(yes, no) <= votes // 2:
        if ask():
            yes += 1
        else:
            no += 1
    return yes > no
