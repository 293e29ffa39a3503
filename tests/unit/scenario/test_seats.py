"""Which worker processes have a core of their own, and for how long."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from harness.scenario.seats import seated, seats_of


@pytest.fixture
def sleeper() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process.pid
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    ("commands", "ran", "seats"),
    [
        ([{11, 12}, {21}], {11, 21}, [{11, 12}, {21}]),  # two commands, one with a helper
        ([{11, 12, 13}], {12, 13}, [{12}, {13}]),  # a pool: its parent has none
        ([{11}, {21}], {99}, [{11}, {21}]),  # a child for each task, which has ended
        ([{11, 12, 13}, {21}], {12, 13, 21}, [{12}, {13}, {21}]),
    ],
    ids=["commands", "pool", "short-lived children", "both"],
)
def test_each_worker_process_has_one(
    commands: list[set[int]], ran: set[int], seats: list[set[int]]
) -> None:
    assert seats_of(commands, ran) == seats


def test_it_is_there_while_it_is_measured_and_free_again_afterwards(sleeper: int) -> None:
    before = os.sched_getaffinity(sleeper)
    core = frozenset({max(before)})
    with seated([frozenset({sleeper})], [core]) as pinned:
        assert pinned == 1
        assert os.sched_getaffinity(sleeper) == core
    assert os.sched_getaffinity(sleeper) == before


def test_nobody_is_moved_where_there_are_too_few_cores(sleeper: int) -> None:
    before = os.sched_getaffinity(sleeper)
    with seated([frozenset({sleeper}), frozenset({sleeper})], [frozenset({min(before)})]) as pinned:
        assert pinned == 0
        assert os.sched_getaffinity(sleeper) == before
