"""How long a session still takes, by its plan and by what its trials really took."""

import pytest
from rich.console import Console

from harness.cli import progress as module
from harness.cli.progress import TrialProgress


class Clock:
    """Time that passes when it is told to."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def test_short_trials_that_take_long_do_not_multiply_the_whole(clock: Clock) -> None:
    """Three of 10 s that took 30 s each say that a trial takes 20 s more, and no longer."""
    shown = TrialProgress(Console(quiet=True), [10.0] * 3 + [34.0] * 100)
    promised = shown.left()
    for _ in range(3):
        shown.begin("short")
        clock.now += 30
        shown.end("over")
    shown.begin("long")
    assert shown.left() < 1.3 * promised
    assert shown.left() > 3400  # and what was taken beyond the plan is in it


def test_a_plan_that_holds_is_left_as_it_is(clock: Clock) -> None:
    shown = TrialProgress(Console(quiet=True), [10.0] * 5)
    for _ in range(3):
        shown.begin("a")
        clock.now += 10
        shown.end("over")
    shown.begin("b")
    assert shown.left() == pytest.approx(20)
    clock.now += 5
    assert shown.left() == pytest.approx(15)
    assert shown.share() == pytest.approx(0.5)


def test_what_is_late_in_every_trial_is_learnt(clock: Clock) -> None:
    shown = TrialProgress(Console(quiet=True), [10.0] * 100)
    for _ in range(80):
        shown.begin("a")
        clock.now += 20
        shown.end("over")
    shown.begin("b")
    assert shown.left() == pytest.approx(20 * 20, rel=0.05)
