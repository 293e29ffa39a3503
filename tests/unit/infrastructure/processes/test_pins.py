"""Who is put on which cores: the calls to the kernel, as they are made."""

import os
import threading

import pytest

from infrastructure.processes import pins
from infrastructure.processes.pins import Pins, threads


def test_all_threads_are_moved_and_those_that_come_meanwhile_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """7 ends before it is moved, and 5 starts 9 while that happens."""
    moved: list[tuple[int, frozenset[int]]] = []
    there = {5: [5, 6], 7: [7]}

    def move(thread: int, cores: set[int]) -> None:
        if thread == 7:
            raise ProcessLookupError
        there[5] = [5, 6, 9]
        moved.append((thread, frozenset(cores)))

    monkeypatch.setattr(pins, "threads", lambda pids: [t for pid in pids for t in there[pid]])
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2, 3})
    monkeypatch.setattr("os.sched_setaffinity", move)
    found = Pins(lambda: [5, 7])
    found.put(frozenset({2, 3}))
    assert sorted(moved) == [(thread, frozenset({2, 3})) for thread in (5, 6, 9)]
    moved.clear()
    found.give_up()
    assert sorted(moved) == [(thread, frozenset({0, 1, 2, 3})) for thread in (5, 6, 9)]


def test_threads_are_those_of_the_processes_that_are_there() -> None:
    assert threading.get_native_id() in set(threads([os.getpid(), 2**22 + 1]))
