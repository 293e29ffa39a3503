"""Clocks of hosts over a trial, and hosts that no longer answer."""

import time
from typing import Any

import pytest

from harness.trial.timekeeper import BURST, Timekeeper
from infrastructure.errors import TrialFailed

AHEAD_NS = 1_000 * 10**9


class FarClock:
    """Ahead by 1,000 s; its host is cut off after so many answers."""

    def __init__(self, answers: int = 10**9) -> None:
        self.left = answers

    def ping(self) -> tuple[int, int, int]:
        self.left -= 1
        if self.left < 0:
            raise TimeoutError("timed out")
        now = time.monotonic_ns()
        return now, now + 1_000 + AHEAD_NS, now + 2_000


def keeper_of(clock: FarClock) -> Timekeeper:
    pingers: Any = {"far": clock}
    return Timekeeper(pingers)


def test_a_clock_is_known_from_before_to_after_the_trial() -> None:
    keeper = keeper_of(FarClock())
    keeper.begin()
    assert abs(keeper.there("far", 5) - 5 - AHEAD_NS) < 10_000
    assert keeper.there("here", 5) == 5
    clock = keeper.end()["far"]
    assert abs(clock.offset_ns - AHEAD_NS) <= clock.bound_ns < 10_000


def test_a_host_that_does_not_answer_at_once_keeps_the_trial_from_beginning() -> None:
    with pytest.raises(TrialFailed, match="the host far does not answer any more: timed out"):
        keeper_of(FarClock(answers=3)).begin()


def test_a_host_that_is_cut_off_is_told_while_the_trial_runs() -> None:
    keeper = keeper_of(FarClock(answers=BURST))
    keeper.begin()
    keeper.check()
    deadline = time.monotonic() + 10
    while not keeper.lost and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(TrialFailed, match="the host far does not answer any more"):
        keeper.check()
    with pytest.raises(TrialFailed, match="the host far does not answer any more"):
        keeper.end()


def test_without_other_hosts_there_is_nothing_to_keep() -> None:
    keeper = Timekeeper({})
    keeper.check()
    keeper.close()
    assert keeper.there("here", 7) == 7
