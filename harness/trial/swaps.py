"""A duet block on many cores: its arms work at once, each on cores of its own, which they swap.

Every window the arms move on by one set, so that in a whole round each has been on every set for as
long: what is slow about a core or its neighbours meets all arms alike, as in turns. Nobody stands
still, and the block takes half the time.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence

from harness.machine.cores import Cores
from harness.measure.turns import Turn
from harness.trial.duet import SETTLE_S, WINDOW_S, Conductor, DuetPartner, taken_since
from infrastructure.processes.pins import Pins
from infrastructure.processes.table import families


class Swapping(Conductor):
    """``sets``: of cores, one for each arm. ``seed`` says who begins where; else as in turns."""

    def __init__(
        self,
        sets: Sequence[Cores],
        seed: int,
        window_s: float = WINDOW_S,
        settle_s: float = SETTLE_S,
    ) -> None:
        super().__init__(len(sets), seed, window_s, settle_s)
        self.sets = sets
        self._pins: dict[DuetPartner, Pins] = {}
        self._own = Pins(lambda: [os.getpid()])
        self._first = int(self._rng.integers(len(sets)))  # the set of the first arm
        for partner in self.partners:
            partner.cores = len(sets[0])

    def take(self, partner: DuetPartner) -> Callable[[], None]:
        self._pins[partner] = Pins(lambda: families(partner.leaders))
        return self._pins[partner].give_up

    def _hold(self) -> None:
        """The harness goes where no arm works, if there is such a place."""
        if rest := os.sched_getaffinity(0) - frozenset().union(*self.sets):
            self._own.put(rest)

    def _round(self) -> None:
        """Every arm on every set, unless the first is done."""
        for _ in self.sets:
            if not self._leaving.is_set():
                self._window()

    def _window(self) -> None:
        seconds, drawn = self._draw()
        for number, partner in enumerate(self.partners, self._first):
            self._pins[partner].put(self.sets[number % len(self.sets)])
        self._first += 1
        begun = [look(partner) for partner in self.partners]
        self._leaving.wait(seconds)
        for partner, (begin, before) in zip(self.partners, begun, strict=True):
            end, after = look(partner)
            partner.own.append(Turn(begin, end, taken_since(before, after), drawn))

    def _release(self) -> None:
        """Each arm goes where it likes when it is let go."""
        self._own.give_up()


def look(partner: DuetPartner) -> tuple[int, Mapping[str, float]]:
    """Now (ns), and the CPU seconds that an arm has taken, by role."""
    cpu = partner.cpu()
    return time.monotonic_ns(), cpu
