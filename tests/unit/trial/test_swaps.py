"""Arms at once: who is on which cores, window by window. The processes are made up."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import pytest

from harness.trial import swaps
from harness.trial.swaps import Swapping
from tests.unit.trial.conducted import conducted

SETS = [frozenset({0, 1}), frozenset({2, 3}), frozenset({4, 5})]
ALL = frozenset(range(8))


class FakePins:
    """Notes where an arm is put; the harness's own is the first that is made."""

    made: list["FakePins"]

    def __init__(self, members: Callable[[], Iterable[int]]) -> None:
        self.members = members
        self.puts: list[frozenset[int]] = []
        self.made.append(self)

    def put(self, cores: Iterable[int]) -> None:
        self.puts.append(frozenset(cores))

    def give_up(self) -> None:
        self.puts.append(ALL)


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> list[FakePins]:
    FakePins.made = []
    monkeypatch.setattr(swaps, "Pins", FakePins)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(ALL))
    return FakePins.made


def rows(pins: list[FakePins]) -> Iterator[tuple[frozenset[int], ...]]:
    """Where the arms are in each window, until they are let go."""
    _, *arms = pins
    yield from zip(*(arm.puts[:-1] for arm in arms), strict=True)


def test_no_two_arms_share_a_core_and_each_moves_on_in_every_window(
    pins: list[FakePins],
) -> None:
    conducted(Swapping(SETS, seed=3, window_s=0.005), 30)
    windows = list(rows(pins))
    assert len(windows) >= 7
    assert all(len({*window}) == len(SETS) for window in windows)
    assert all(set(window) == set(SETS) for window in windows)
    assert all(x != y for a, b in pairwise(windows) for x, y in zip(a, b, strict=True))
    for arm in zip(*windows, strict=True):
        assert all(set(arm[n : n + 3]) == set(SETS) for n in range(len(arm) - 2))


def test_the_harness_goes_where_no_arm_is_and_all_are_let_go(pins: list[FakePins]) -> None:
    conducted(Swapping(SETS, seed=3, window_s=0.005), 3)
    own, *arms = pins
    assert own.puts == [{6, 7}, ALL]
    assert all(arm.puts[-1] == ALL for arm in arms)


def test_what_is_started_anew_is_where_its_arm_is(
    pins: list[FakePins], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swaps, "families", set)
    [partner] = Swapping(SETS[:1], seed=3, window_s=0.005).partners
    with partner.turns([5]):
        partner.take_in(7)
        assert pins[1].members() == {5, 7}


def test_a_turn_is_from_look_to_look_and_has_the_cpu_between(pins: list[FakePins]) -> None:
    del pins
    conductor = Swapping(SETS, seed=3, window_s=0.005)
    conducted(conductor, 6)
    for number, partner in enumerate(conductor.partners, 1):
        assert len(partner.own) >= 6
        assert all(turn.cpu == {"workers": number} for turn in partner.own)
        assert all(turn.begin < turn.end for turn in partner.own)
        assert all(a.end <= b.begin for a, b in pairwise(partner.own))
        assert partner.cores == 2
