"""Who has completed what so far, in a running trial."""

from pathlib import Path

import numpy as np

from harness.measure.growing import Growing
from harness.measure.layouts import RUN_TYPE, Array, number_of, phase_of
from tasks.records import PHASES, RUN_SUFFIX


class Seen:
    """Which task numbers have come; a mark a number, since a soak has millions of them."""

    def __init__(self) -> None:
        self._marks = np.zeros(1024, dtype=bool)
        self.count = 0

    def add(self, numbers: Array) -> None:
        if not len(numbers):
            return
        if (top := int(numbers.max())) >= len(self._marks):
            grown = np.zeros(2 * (top + 1), dtype=bool)
            grown[: len(self._marks)] = self._marks
            self._marks = grown
        self._marks[numbers] = True
        self.count = int(np.count_nonzero(self._marks))


class RecordTail:
    """Follows the worker records of a running trial: who has completed what so far.

    Reads only what was appended since the last look, so looking 20 times a second costs little.
    """

    def __init__(self, folder: Path) -> None:
        self._runs = Growing(folder, RUN_SUFFIX, RUN_TYPE)
        self._done = [Seen() for _ in PHASES]
        self._good = [Seen() for _ in PHASES]
        self._pids: list[set[int]] = [set() for _ in PHASES]

    def poll(self) -> int:
        """Read what is new; returns the number of records seen so far, of all phases."""
        fresh = self._runs.read()
        phases = phase_of(fresh["seq"])
        for index in np.unique(phases):
            mine = fresh[phases == index]
            numbers = number_of(mine["seq"])
            self._done[index].add(numbers)
            self._good[index].add(numbers[mine["outcome"] == 0])
            self._pids[index].update(mine["pid"].tolist())
        return self._runs.total

    def completed(self, phase: str) -> int:
        """Distinct tasks of a phase with at least one record (a duplicate does not hide a loss)."""
        return self._done[PHASES.index(phase)].count

    def succeeded(self, phase: str) -> int:
        """Distinct tasks of a phase with at least one successful attempt."""
        return self._good[PHASES.index(phase)].count

    def worker_pids(self, phase: str) -> set[int]:
        """Processes that executed tasks of the phase."""
        return self._pids[PHASES.index(phase)]
