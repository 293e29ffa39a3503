"""Looking at the broker's counts many times a second for a moment."""

import threading
import time
from types import TracebackType
from typing import Self

from harness.scenario.queues import Queues
from infrastructure.service import Depth

EVERY_S = 0.02


class Looks:
    """``found``: the counts with the instant before each was asked for (ns), while entered."""

    def __init__(self, queues: Queues) -> None:
        self.found = list[tuple[int, Depth]]()
        self._queues = queues
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._look, name="looks")

    def _look(self) -> None:
        while not self._enough.wait(EVERY_S):
            self.found.append((time.monotonic_ns(), self._queues.depth()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._enough.set()
        self._thread.join()
