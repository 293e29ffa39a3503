"""What all arms sustain: measured of each, the slowest first."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.progress import TrialProgress
from harness.experiment.capacity import OVERLOAD
from harness.experiment.comparison.calibration import calibrate
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.scenario.point import Point
from harness.store.vocabulary import Status
from harness.trial.outcome import Outcome
from tests.unit.experiment.comparison.made import Maker, Played

Trials = list[tuple[int, str, int]]  # arm, scenario, offered tasks/s
Play = Callable[[int, float], Mapping[str, float]]  # metrics by arm and offered tasks/s, 0: a drain


def calibrated(
    make: Maker, monkeypatch: pytest.MonkeyPatch, play: Play, turns: list[float] | None = None
) -> tuple[Comparison, Trials]:
    """By trials that come to what is said; ``turns``: what the arms drained in turns."""
    comparison, ran = make(lambda *_: Played(1.0)), Trials()
    if turns:
        comparison.paces["throughput", ""] = Pace(0.25, 0.02, turns)

    def run_arm(_: Comparison, setup: Any, scenario: Any, point: Point, *_more: Any) -> Outcome:
        offered = 0.0 if point.fraction is None else point.rate
        ran.append((setup.number, scenario.name, round(offered)))
        row: Any = SimpleNamespace(status=Status.OK, reason="it did not start")
        return Outcome(row, dict(play(setup.number, offered)), [])

    monkeypatch.setattr("harness.experiment.comparison.calibration.run_arm", run_arm)
    with TrialProgress(comparison.console, []) as progress:
        calibrate(comparison, progress)
    return comparison, ran


def test_others_are_offered_no_more_than_is_too_much_for_the_slowest(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick one would sustain a tenth of its drain beside producers at their fastest."""

    def play(arm: int, offered: float) -> dict[str, float]:
        if not offered:
            return {"drain_rate": {1: 8000.0, 2: 1500.0}[arm]}
        return {"open_loop_capacity": {1: min(offered, 8000 - offered), 2: 1100.0}[arm]}

    comparison, ran = calibrated(make, monkeypatch, play)
    assert ran == [
        (1, "throughput", 0),
        (2, "throughput", 0),
        (2, "latency", 1500 * OVERLOAD),
        (1, "latency", 1100 * OVERLOAD),
    ]
    assert comparison.capacity == 1100


def test_the_arm_that_sustains_least_sets_the_load_however_fast_it_drains(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(arm: int, _: float) -> dict[str, float]:
        return {"open_loop_capacity": {1: 800.0, 2: 1100.0}[arm]}

    comparison, _ = calibrated(make, monkeypatch, play, turns=[8000.0, 1500.0])
    assert comparison.capacity == 800


def test_what_was_drained_in_turns_is_not_drained_again(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so much is offered: without a producer beside it an arm drains more than it sustains."""
    comparison, ran = calibrated(make, monkeypatch, lambda *_: {}, turns=[8000.0, 1300.0])
    assert ran == [(2, "latency", 1300.0), (1, "latency", 1300.0)]
    assert comparison.capacity == pytest.approx(1000)  # it was not too much: at least the rough one


def test_an_overload_that_starves_the_workers_is_followed_by_a_gentler_one(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Celery on two cores: offered 1,600 tasks/s it completed 411, offered 614 all of them."""

    def play(_: int, offered: float) -> dict[str, float]:
        return {"open_loop_capacity": 411.0 if offered > 1000 else 640.0}

    comparison, ran = calibrated(make, monkeypatch, play, turns=[1625.0, 1600.0])
    assert [(arm, offered) for arm, _, offered in ran[:2]] == [(2, 1600), (2, 925)]
    assert [arm for arm, _, offered in ran[2:]] == [1]
    assert comparison.capacity == 640
