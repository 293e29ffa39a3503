"""The time that is promised, over a simulated clock."""

from collections.abc import Hashable, Iterator

import pytest
from rich.console import Console

from harness.cli.forecast import Planned
from harness.cli.progress import TrialProgress


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


def planned(*kinds: Hashable, guess_s: float = 10.0) -> list[Planned]:
    return [Planned(kind, lambda: guess_s) for kind in kinds]


def carried_out(plan: list[Planned], took: dict[Hashable, float]) -> Iterator[float]:
    """What is promised in all, as each trial begins."""
    clock = Clock()
    progress = TrialProgress(Console(quiet=True), plan, clock)
    for each in plan:
        progress.begin("a trial", each.kind)
        yield clock.s - 1000 + progress.left()
        clock.s += took[each.kind]
        progress.end("ok")
    assert progress.left() == 0


def test_a_kind_that_was_seen_is_expected_to_take_as_long_again() -> None:
    promised = list(carried_out(planned("a", "a", "a", "b"), {"a": 70.0, "b": 10.0}))
    assert promised[0] == 40
    assert promised[1:] == pytest.approx([232, 232, 232])  # of b 10 s, and a fifth of the 60


def test_a_guess_that_gets_better_is_asked_anew() -> None:
    """As those that follow from a rate, which the first trial measures."""
    known, clock = {"rate": 500.0}, Clock()
    plan = [Planned(kind, lambda: 1000 / known["rate"]) for kind in ("a", "b", "c")]
    progress = TrialProgress(Console(quiet=True), plan, clock)
    assert progress.left() == 6
    progress.begin("a trial", "a")
    clock.s += 100
    known["rate"] = 10.0
    progress.end("ok")
    assert progress.left() == pytest.approx(200)


def test_short_trials_that_take_long_do_not_multiply_the_whole() -> None:
    """Three of 10 s that took 30 s each say that a trial takes longer, and not three times."""
    clock, short = Clock(), planned(*["short"] * 3)
    long = planned(*["long"] * 100, guess_s=34.0)
    progress = TrialProgress(Console(quiet=True), [*short, *long], clock)
    promised = progress.left()
    for _ in short:
        progress.begin("short", "short")
        clock.s += 30
        progress.end("over")
    progress.begin("long", "long")
    assert 3400 < progress.left() < 1.3 * promised


def test_what_is_late_in_every_trial_is_learnt() -> None:
    clock, kinds = Clock(), range(100)
    progress = TrialProgress(Console(quiet=True), planned(*kinds), clock)
    for kind in kinds[:80]:
        progress.begin("a trial", kind)
        clock.s += 20
        progress.end("over")
    assert progress.left() == pytest.approx(20 * 20, rel=0.05)


def test_a_plan_that_holds_is_left_as_it_is() -> None:
    assert list(carried_out(planned("a", "b", "c"), {"a": 10, "b": 10, "c": 10})) == [30] * 3


def test_the_time_left_runs_down_within_a_trial_and_never_below_what_follows() -> None:
    clock = Clock()
    progress = TrialProgress(Console(quiet=True), planned("a", "b"), clock)
    assert progress.left() == 20
    assert progress.share() == 0
    progress.begin("a trial", "a")
    clock.s += 4
    assert progress.left() == 16
    assert progress.share() == pytest.approx(0.4)
    clock.s += 60
    assert progress.left() == 10
    assert progress.share() == 1.0


def test_what_is_run_again_comes_on_top() -> None:
    clock = Clock()
    progress = TrialProgress(Console(quiet=True), planned("a", "b"), clock)
    progress.begin("a trial", "a")
    clock.s += 20
    progress.end("disturbed")
    progress.expect(planned("a"))
    progress.begin("again", "a")
    assert progress.left() == 20 + 10 + 10 / 5
    progress.end("ok")
    progress.begin("nobody has planned this", "c")
    assert progress.left() > 0


def test_a_line_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with TrialProgress(Console(soft_wrap=True), planned("a", "b"), Clock()) as progress:
        progress.begin("throughput", "a")
        progress.end("ok")
        progress.begin("latency", "b")
    said = capsys.readouterr().out
    assert "trial 1/2 · throughput · 0:20 left" in said
    assert "trial 2/2 · latency · 0:10 left" in said
