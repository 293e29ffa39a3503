"""Which commit made the step: halving, where each question is a comparison that may not know."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

HALF = 0.5  # of the whole step: a commit is on the side that its interval lies on


@dataclass(frozen=True)
class Seen:
    """A candidate over a baseline: the ratio, its 95 % interval, and whether that is a difference
    (Holm p <= .05). ``ratio`` None: it could not be measured. ``metric``: of which that is.
    """

    different: bool
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    metric: str = ""

    def shares(self, step: float) -> tuple[float, float] | None:
        """Its interval in units of a step (of logarithms); None without one."""
        if self.low is None or self.high is None or min(self.low, self.high) <= 0:
            return None
        low, high = sorted((math.log(self.low) / step, math.log(self.high) / step))
        return low, high


SAME = Seen(different=False, ratio=1.0, low=1.0, high=1.0)  # of the same code
Judge = Callable[[str, str, int], Seen]  # baseline, candidate, times the usual blocks
ONCE, AGAIN = 1, 2  # the usual blocks, and what is asked where they did not tell


@dataclass(frozen=True)
class Found:
    """The step lies after ``before`` and not after ``after``, which stand side by side where it is
    ``named``. ``seen``: the whole step, of these two where it is named. ``reason``: why not.
    """

    before: str
    after: str
    seen: Seen
    reason: str = ""

    @property
    def named(self) -> bool:
        return not self.reason


def search(commits: Sequence[str], judge: Judge) -> Found:
    """The commit of a step between the first and the last, oldest first.

    Every commit is set beside the first; half of the step is what tells the sides apart, and the
    last question is of the two neighbours: what an error on the way led to is not named.
    """
    first, last = commits[0], commits[-1]
    whole = told(judge, first, last)
    step = math.log(whole.ratio) if whole.ratio else 0.0
    if not (whole.different and step):
        reason = "no difference between the two is established"
        return Found(first, last, whole, reason if whole.ratio else "these two were not measured")
    low, high = 0, len(commits) - 1
    while high - low > 1:
        side = side_of(commits, low, high, step, judge)
        if side is None:
            return Found(commits[low], commits[high], whole, "cannot tell within these")
        low, high = side
    seen = whole if high - low == len(commits) - 1 else told(judge, commits[low], commits[high])
    if not seen.different or seen.ratio is None or math.log(seen.ratio) * step < 0:
        reason = "cannot tell: these two side by side do not differ as the ends do"
        return Found(commits[low], commits[high], seen, reason)
    return Found(commits[low], commits[high], seen)


def told(judge: Judge, baseline: str, candidate: str) -> Seen:
    """Whether two differ, asked twice at most."""
    seen = judge(baseline, candidate, ONCE)
    return seen if seen.different else judge(baseline, candidate, AGAIN)


def side_of(
    commits: Sequence[str], low: int, high: int, step: float, judge: Judge
) -> tuple[int, int] | None:
    """The half in which the step lies, by the middle one or the next that can be measured; None
    where its interval holds half of the step.
    """
    for middle in from_the_middle(low, high):
        for times in (ONCE, AGAIN):
            shares = judge(commits[0], commits[middle], times).shares(step)
            if shares is None:
                break
            if shares[0] > HALF:
                return low, middle
            if shares[1] < HALF:
                return middle, high
        else:
            return None
    return None


def from_the_middle(low: int, high: int) -> Iterator[int]:
    """What lies between, the middle first."""
    middle = (low + high) // 2
    yield from sorted(range(low + 1, high), key=lambda place: (abs(place - middle), place))
