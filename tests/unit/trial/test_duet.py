"""Arms in turns: who works when. The processes are made up."""

import os
import signal
from collections.abc import Sequence
from itertools import batched, pairwise

import pytest

from harness.trial import duet
from harness.trial.duet import DRAWN, Conductor, play
from tests.unit.trial.conducted import conducted

ARMS, WINDOW_S = 3, 0.005


class FakeFreezer:
    """Notes who goes on, and whether anybody else was at work then."""

    working: set[int]
    order: list[int]
    taken_in: list[tuple[int, int]]

    def __init__(self, leaders: Sequence[int]) -> None:
        [self.number] = leaders
        self.working.add(self.number)

    def take_in(self, leader: int) -> None:
        self.taken_in.append((self.number, leader))

    def freeze(self) -> None:
        self.working.discard(self.number)

    def thaw(self) -> None:
        if not self.released:
            assert not self.working, f"{self.number} goes on while {self.working} work"
            self.order.append(self.number)
        self.working.add(self.number)

    @property
    def released(self) -> bool:
        """Whether the turns are over, and all go on as they like."""
        return self.over()

    over = staticmethod(lambda: False)

    def give_up(self) -> None:
        """Nothing is held."""


def turns_of(seed: int, patch: pytest.MonkeyPatch, rounds: int = 20) -> tuple[list[int], Conductor]:
    """Who went on in which order."""
    FakeFreezer.working, FakeFreezer.order = set(), []
    conductor = Conductor(ARMS, seed, WINDOW_S)
    patch.setattr(FakeFreezer, "over", staticmethod(conductor._leaving.is_set))
    patch.setattr(duet, "new_freezer", FakeFreezer)
    conducted(conductor, rounds)
    return FakeFreezer.order, conductor


def test_one_works_at_a_time_in_rounds_of_a_random_order_that_the_seed_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order, _ = turns_of(3, monkeypatch)
    rounds = [each for each in batched(order, ARMS) if len(each) == ARMS]
    assert len(rounds) >= 9
    assert all(sorted(each) == list(range(ARMS)) for each in rounds)
    assert len(set(rounds)) > 2  # of six orders
    again, _ = turns_of(3, monkeypatch)
    assert again[:27] == order[:27]
    other, _ = turns_of(4, monkeypatch)
    assert other[:27] != order[:27]


def test_lengths_of_turns_and_what_is_left_out_of_them_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, conductor = turns_of(5, monkeypatch)
    turns = [turn for partner in conductor.partners for turn in partner.own[:-1]]  # cut short
    assert min(turn.end - turn.begin for turn in turns) >= (1 - DRAWN) * WINDOW_S * 1e9
    drawn = {turn.drawn for turn in turns}
    assert len(drawn) == len(turns)
    assert 0 <= min(drawn) < max(drawn) <= DRAWN * WINDOW_S * 1e9


def test_what_is_started_anew_stands_still_with_its_arm_while_it_takes_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    FakeFreezer.working, FakeFreezer.taken_in = set(), []
    conductor = Conductor(1, 3, WINDOW_S)
    monkeypatch.setattr(FakeFreezer, "over", staticmethod(lambda: True))
    monkeypatch.setattr(duet, "new_freezer", FakeFreezer)
    [partner] = conductor.partners
    partner.take_in(6)
    with partner.turns([0]):
        partner.take_in(7)
    partner.take_in(8)  # the group that held them is gone
    assert FakeFreezer.taken_in == [(0, 7)]


def test_ctrl_c_ends_the_session_even_when_the_trials_have_come_to_their_end() -> None:
    """While they are being stopped and stored nobody asks for it any more."""
    conductor, stored = Conductor(2, 1), []

    def trial() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert conductor.stopped.wait(10)
        stored.append("a row")

    with pytest.raises(KeyboardInterrupt):
        play(conductor, [trial, trial])
    assert stored == ["a row"] * 2


def test_every_arm_has_as_many_turns_and_none_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    _, conductor = turns_of(6, monkeypatch)
    assert len({len(partner.own) for partner in conductor.partners}) == 1
    every = sorted(
        (turn for partner in conductor.partners for turn in partner.own),
        key=lambda turn: turn.begin,
    )
    assert all(one.end <= other.begin for one, other in pairwise(every))
