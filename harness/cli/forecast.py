"""How long what is planned will take: as first thought, corrected by what it took."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

FEW = 4  # kinds that weigh as much as the plan does


class Planned(NamedTuple):
    """A trial to be. Those of one ``kind`` take about equally long; ``guess_s`` says how long one
    takes by what is known now, in seconds.
    """

    kind: Hashable
    guess_s: Callable[[], float]


class Forecast:
    """By what trials took so far."""

    def __init__(self) -> None:
        self._took: dict[Hashable, list[float]] = defaultdict(list)
        self._guesses: dict[Hashable, Callable[[], float]] = {}

    def learn(self, planned: Planned, seconds: float) -> None:
        self._took[planned.kind].append(seconds)
        self._guesses[planned.kind] = planned.guess_s

    def expects_s(self, planned: Iterable[Planned]) -> float:
        """Of each as long as the others of its kind took; before there is one, as was guessed, and
        what others take beyond that.
        """
        counts, one, beyond = Counter[Hashable](), dict[Hashable, Planned](), self._beyond_s()
        for each in planned:
            counts[each.kind] += 1
            one[each.kind] = each
        return sum(count * self._one_s(one[kind], beyond) for kind, count in counts.items())

    def _one_s(self, planned: Planned, beyond_s: float) -> float:
        took = self._took.get(planned.kind)
        return statistics.median(took) if took else planned.guess_s() + beyond_s

    def _beyond_s(self) -> float:
        """What a trial takes beyond what would be guessed now.

        That is waiting and starting, much the same for each, and no share of a load: a short trial
        that took three times as long would triple what hours of others are said to take. The first
        few kinds count little.
        """
        beyond = sum(
            statistics.median(took) - self._guesses[kind]() for kind, took in self._took.items()
        )
        return max(0.0, beyond / (len(self._took) + FEW))
