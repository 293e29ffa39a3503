"""Whether the depth of the queue explains that a drain was not steady."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.measure.depths import HeldRate, Stretch
from harness.measure.metrics import Metric
from harness.scenario import depths
from harness.scenario.point import FULL, QUICK, Point, Size, fitting
from harness.scenario.scenario import Measures
from infrastructure.errors import TrialFailed
from tests.unit.scenario.made import made_run

VOID = "no steady state: drain rate of the second half differs by +80.0 %"


def explained(
    folder: Path, patch: pytest.MonkeyPatch, deep: float, shallow: float, drift: float
) -> Measures:
    rates = [HeldRate(500, deep, [deep] * 3, 490.0), HeldRate(100, shallow, [shallow] * 3, 99.0)]
    patch.setattr(depths, "held_rates", lambda *_: rates)
    found = Measures([Metric("drift", drift, "1")], [VOID, "lost: 1 of 9 tasks"])
    depths.explain_drift(found, made_run(folder))
    return found


def named(found: Measures) -> dict[str, float]:
    return {metric.name: metric.value for metric in found.metrics}


def test_a_drain_that_quickens_as_the_queue_gets_shallow_has_a_rate_at_each_depth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = explained(tmp_path, monkeypatch, deep=300, shallow=540, drift=1.8)
    assert found.void == ["lost: 1 of 9 tasks"]
    assert named(found) == {
        "depth_dependent": 1,
        "depth_drift": 1.8,
        "held_rate_deep": 300,
        "held_rate_shallow": 540,
        "held_depth_deep": 490,
        "held_depth_shallow": 99,
    }
    (said,) = found.remarks
    assert "300 tasks/s while 500 wait, 540 while 100 do" in said


@pytest.mark.parametrize(
    ("deep", "shallow", "drift"),
    [(300, 305, 1.8), (540, 300, 1.8), (300, 540, 0.7)],
    ids=["equal at both", "the other way", "the drain slowed down"],
)
def test_anything_else_that_is_not_steady_stays_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deep: float, shallow: float, drift: float
) -> None:
    found = explained(tmp_path, monkeypatch, deep, shallow, drift)
    assert VOID in found.void
    assert named(found)["depth_dependent"] == 0
    assert named(found)["drift"] == drift
    assert found.remarks == []


def test_what_cannot_be_held_explains_nothing_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made_run(tmp_path)

    def refuse() -> None:
        raise TrialFailed("gate tasks in all 2 slots: not within 60 s")

    monkeypatch.setattr(run.gate, "close", refuse)
    monkeypatch.setattr(depths, "drained_at", lambda _run: 100.0)
    depths.hold_depths(run, 600, QUICK)
    found = Measures([Metric("drift", 1.8, "1")], [VOID])
    depths.judge_depth(found, run)
    assert found.void == [VOID]
    assert named(found) == {"drift": 1.8}
    said = "no depth of the queue could be held: gate tasks in all 2 slots: not within 60 s"
    assert found.remarks == [said]


@pytest.mark.parametrize(
    ("backlog", "rate", "deep", "shallow"),
    [
        (20_000, 500.0, 10_000, 1_000),  # a twentieth
        (2_000, 300.0, 1_000, 100),  # at least a hundred
        (2_000, 1_200.0, 1_000, 300),  # at least a quarter of a second
        (4_000, 3_300.0, 2_000, 825),
    ],
)
def test_a_shallow_queue_lasts_until_somebody_looks(
    backlog: int, rate: float, deep: int, shallow: int
) -> None:
    assert depths.depths_of(backlog, rate) == (deep, shallow)


@pytest.mark.parametrize(("backlog", "rate"), [(100, 9.0), (2_000, 5_000.0)])
def test_two_depths_that_are_nearly_one_explain_nothing(backlog: int, rate: float) -> None:
    with pytest.raises(TrialFailed, match="too few for two depths"):
        depths.depths_of(backlog, rate)


class HeldQueue:
    """Workers that complete so many tasks between two looks, and a producer that replaces them as
    far as it can.
    """

    def __init__(self, depth: int, ended: int, refilled: int) -> None:
        self.issued, self.sent, self.refilled = {depths.HELD: depth}, 0, refilled
        self.done, self.ended = 0, ended
        self.topology = self.processes = self.producers = self.tail = self
        self.workers = self.gate = self
        self.slots, self.crashes, self.crashing = 2, list[str](), 0
        self.looked_s = list[float]()

    def poll(self) -> int:
        self.done += self.ended
        return self.done

    def completed(self, _phase: str) -> int:
        return min(self.done, self.issued[depths.HELD])

    def send(self, phase: str, _kind: str, count: int) -> None:
        self.issued[phase] += min(count, self.refilled)

    def until_quiet(self, count: Any, _quiet_s: float, done: Any, look_s: float = 0.1) -> bool:
        self.looked_s.append(look_s)
        while not done():
            count()
        return True

    def check_alive(self) -> None:
        if self.crashing:
            self.crashing -= 1
            self.crashes.append("deadlock found")

    def close(self) -> None:
        self.done = 0
        self.issued[depths.HELD] = 0

    def open(self) -> None:
        assert self.issued[depths.HELD]


def test_a_queue_that_is_held_has_a_stretch_of_the_time_that_was_asked() -> None:
    run: Any = HeldQueue(depth=1000, ended=10, refilled=20)
    assert depths.hold(run, 1000, 0.3).seconds == pytest.approx(0.3, abs=0.1)
    assert max(run.looked_s) < 0.01


def test_a_queue_that_is_gone_before_anybody_looks_has_no_rate() -> None:
    run: Any = HeldQueue(depth=100, ended=60, refilled=2)
    with pytest.raises(TrialFailed, match=r"100 tasks were there for .* faster than the producer"):
        depths.hold(run, 100, 0.3)


@pytest.mark.parametrize(
    ("crashing", "tries", "visits"), [(0, 4, 1), (2, 4, 3), (1000, 4, 4), (1000, 1, 1)]
)
def test_a_visit_in_which_a_worker_crashed_is_made_again(
    monkeypatch: pytest.MonkeyPatch, crashing: int, tries: int, visits: int
) -> None:
    """A few times: where a worker crashes each time, that is what the depth costs."""
    run: Any = HeldQueue(depth=1000, ended=10, refilled=2000)
    run.crashing = crashing
    lengths = iter(range(1, 9))  # of the first stretch that is held, the second …
    monkeypatch.setattr(depths, "hold", lambda *_: Stretch(0, next(lengths) * 10**9))
    assert depths.visit(run, 1000, 0.3, tries).seconds == visits


def test_a_visit_before_which_a_worker_crashed_at_the_gate_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is noticed while the queue is filled, and the worker is down as it is held."""
    run: Any = HeldQueue(depth=1000, ended=10, refilled=2000)
    fill, lengths = run.send, iter(range(1, 9))
    noticed = iter(["deadlock found"])

    def send(phase: str, kind: str, count: int) -> None:
        run.crashes.extend(next(([said] for said in noticed), []))
        fill(phase, kind, count)

    run.send = send
    monkeypatch.setattr(depths, "hold", lambda *_: Stretch(0, next(lengths) * 10**9))
    assert depths.visit(run, 1000, 0.3, 4).seconds == 2


@pytest.mark.parametrize(
    ("void", "remarks", "told"),
    [([], [], {"depth_dependent": 0.0}), ([], ["steady state not judged: 9 tasks"], {})],
    ids=["steady", "not judged"],
)
def test_a_steady_drain_does_not_depend_on_the_depth(
    tmp_path: Path, void: list[str], remarks: list[str], told: dict[str, float]
) -> None:
    found = Measures([], void, remarks)
    depths.judge_depth(found, made_run(tmp_path))
    assert named(found) == told


@pytest.mark.parametrize(
    ("rate", "size", "tasks"),
    [
        (9.0, FULL, 500),  # RQ's stock command line: a minute, not 37
        (9.0, QUICK, 100),
        (148.0, FULL, 5_000),
        (148.0, QUICK, 2_000),
        (2_000.0, FULL, 20_000),
        (2_000.0, QUICK, 4_000),
        (0.5, FULL, 100),
        (float("nan"), QUICK, 100),  # fewer than ten tasks were done in the warm-up
    ],
)
def test_a_backlog_follows_the_arms_rate(rate: float, size: Size, tasks: int) -> None:
    assert fitting(rate, size) == tasks


def test_all_trials_of_an_arm_drain_the_backlog_that_the_first_one_found(tmp_path: Path) -> None:
    run: Any = made_run(tmp_path)
    run.fitted = {QUICK.tasks: 200}
    assert run.fitting_backlog(Point(QUICK)) == 200
    assert run.fitting_backlog(replace(Point(QUICK), backlog=77)) == 77
    assert run.fitting_backlog(Point(FULL)) == 100  # nobody has drained one of this size yet
    assert run.fitted == {QUICK.tasks: 200, FULL.tasks: 100}
