"""Keeping processes on some of the machine's cores."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

PASSES = 5  # one may start a thread or a process while the others are being moved


class Pins:
    """Processes that are moved from cores to cores together. What they start goes with them."""

    def __init__(self, members: Callable[[], Iterable[int]]) -> None:
        self.members = members
        self._before = os.sched_getaffinity(0)

    def put(self, cores: Iterable[int]) -> None:
        """Let all threads of them run there, and nowhere else."""
        where, placed = set(cores), set[int]()
        for _ in range(PASSES):
            fresh = set(threads(self.members())) - placed
            if not fresh:
                return
            for thread in fresh:
                with suppress(ProcessLookupError):
                    os.sched_setaffinity(thread, where)
            placed |= fresh

    def give_up(self) -> None:
        """Let them run wherever this process could when this was made."""
        self.put(self._before)


def threads(pids: Iterable[int]) -> Iterator[int]:
    """Of processes, by id; none of one that has ended."""
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            yield from map(int, os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208  names
