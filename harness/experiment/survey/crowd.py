"""Trials that mostly wait, all arms at once, each on a server of its own."""

import threading
from collections.abc import Callable, Mapping

from harness.scenario.partner import Alone, FirstLook


class Crowd:
    """Keeps count of the arms that are up."""

    def __init__(self, arms: int) -> None:
        self.stopped = threading.Event()
        self.neighbours = [Neighbour(self) for _ in range(arms)]
        self.together = FirstLook()

    def stop(self) -> None:
        """End all trials as Ctrl-C does."""
        self.stopped.set()

    def leave(self) -> None:
        """Nobody waits for an arm whose trial has ended."""


class Neighbour(Alone):
    """One of them: all time is its own, and what the others take is no disturbance."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.cpu: Callable[[], Mapping[str, float]] = dict

    def together(self, look: Callable[[], dict[str, str]]) -> dict[str, str]:
        return self._crowd.together(look)

    def check(self) -> None:
        if self._crowd.stopped.is_set():
            raise KeyboardInterrupt

    def tell(self, cpu: Callable[[], Mapping[str, float]]) -> None:
        self.cpu = cpu

    def others_cpu_s(self) -> float:
        others = (each for each in self._crowd.neighbours if each is not self)
        return sum(sum(each.cpu().values()) for each in others)
