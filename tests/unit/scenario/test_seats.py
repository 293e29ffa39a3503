"""Which worker processes have a core of their own, and for how long."""

from collections.abc import Iterable

import pytest

from harness.scenario.seats import seated, seats_of
from infrastructure.processes import pins

ALL = frozenset({0, 1, 2, 3})
Places = dict[int, frozenset[int]]


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Places:
    """Where each process is: a machine of four cores, whose processes have one thread each."""
    found: Places = dict.fromkeys((11, 12, 13), ALL)

    def move(pid: int, cores: Iterable[int]) -> None:
        found[pid] = frozenset(cores)

    monkeypatch.setattr(pins, "threads", lambda pids: pids)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(ALL))
    monkeypatch.setattr("os.sched_setaffinity", move)
    return found


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


def test_it_is_there_while_it_is_measured_and_free_again_afterwards(places: Places) -> None:
    seats = [frozenset({11, 12}), frozenset({13})]
    cores = [frozenset({0}), frozenset({2}), frozenset({3})]
    with seated(seats, cores, lambda: places) as pinned:
        assert pinned == 2
        assert places == {11: {0}, 12: {0}, 13: {2}}
    assert places == dict.fromkeys((11, 12, 13), ALL)


def test_a_child_that_was_born_meanwhile_is_let_go_too(places: Places) -> None:
    """It has its parent's core, and stays when the parent has ended."""
    with seated([frozenset({11})], [frozenset({2})], lambda: places):
        places[14] = places.pop(11)
        assert places[14] == {2}
    assert places == dict.fromkeys((12, 13, 14), ALL)


def test_nobody_is_moved_where_there_are_too_few_cores(places: Places) -> None:
    seats = [frozenset({11}), frozenset({12})]
    with seated(seats, [frozenset({0})], lambda: places) as pinned:
        assert pinned == 0
        assert places == dict.fromkeys((11, 12, 13), ALL)
