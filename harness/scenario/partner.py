"""Who else is up while a trial runs: nobody, unless the arms of a block take turns."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from harness.measure.turns import Turn


class Partner(Protocol):
    """How one arm of a block keeps step with the others."""

    def meet(self, where: str) -> None:
        """Wait until every arm has come so far. Raises TrialFailed when one cannot any more."""

    def check(self) -> None:
        """Raises KeyboardInterrupt when the session was stopped."""

    def turns(self, leaders: Sequence[int]) -> AbstractContextManager[list[Turn]]:
        """While entered, the arms work one at a time. ``leaders``: of this arm's process sessions,
        clients before their broker. The arm's turns are known when it is left.
        """

    def take_in(self, leader: int) -> None:
        """A process session of this arm was started, whoever has the turn: a worker, anew."""

    window_s: float  # of a turn, roughly
    settle_ns: int  # of a turn, until what stood still works as before: left out
    cores: int  # of this arm alone, where all work at once; 0: it has all of them in its turn
    segment_s: float  # of an open loop, which is offered in so long parts; 0: in one

    def together(self, look: Callable[[], dict[str, str]]) -> dict[str, str]:
        """What is the same for all arms of the block: looked at once."""

    def segment(self, into: list[Turn]) -> AbstractContextManager[None]:
        """While entered, no other arm is offered anything. The turn that it was is added."""

    def tell(self, cpu: Callable[[], Mapping[str, float]]) -> None:
        """Say how to ask what CPU seconds this arm's roles have taken so far."""

    def others_cpu_s(self) -> float:
        """CPU seconds that the other arms' processes have taken so far."""


class FirstLook:
    """What the first arm that asks finds; the others are told the same."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._found: dict[str, str] | None = None

    def __call__(self, look: Callable[[], dict[str, str]]) -> dict[str, str]:
        with self._looking:
            if self._found is None:
                self._found = look()
            return self._found


class Alone:
    """No other arm: all time is this one's."""

    window_s = 0.0
    settle_ns = 0
    segment_s = 0.0
    cores = 0

    def together(self, look: Callable[[], dict[str, str]]) -> dict[str, str]:
        """Nobody to share it with."""
        return look()

    def meet(self, where: str) -> None:
        """Nobody to wait for."""

    def check(self) -> None:
        """Nothing ends it from outside."""

    @contextmanager
    def turns(self, _leaders: Sequence[int]) -> Iterator[list[Turn]]:
        """None has an end."""
        yield []

    @contextmanager
    def segment(self, _into: list[Turn]) -> Iterator[None]:
        """All of it is one."""
        yield

    def take_in(self, _leader: int) -> None:
        """Nobody stands still."""

    def tell(self, cpu: Callable[[], Mapping[str, float]]) -> None:
        """Nobody asks."""

    def others_cpu_s(self) -> float:
        return 0.0


ALONE = Alone()
