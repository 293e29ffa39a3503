"""What a delay does to a task: what is measured, and what voids it."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.metrics import join
from harness.measure.records import Records
from harness.measure.sampler import Usage
from harness.measure.window import Counters, Window
from harness.scenario.point import FULL, QUICK, ROUND_TRIP, Point
from harness.scenario.run import Run
from infrastructure.network.counts import LAYOUT, NOTHING, Counts, mapped
from scenarios.network_delay import (
    DIRECT,
    SCENARIO,
    network_metrics,
    overloaded,
    parted,
    rate_metrics,
    shortcuts,
    time_per_task,
)

MS = 1_000_000


def records(count: int, way_ms: float, each_ms: float) -> Records:
    """Tasks that were sent at once, started after so long, and end one after the other."""
    sends, runs = np.zeros(count, SEND_TYPE), np.zeros(count, RUN_TYPE)
    for rows in (sends, runs):
        rows["seq"] = np.arange(count)
        rows["pid"] = 1
    each: Array = (np.arange(count) * each_ms * MS).astype(np.int64)
    sends["send"] = sends["intended"] = each
    sends["ack"] = each + MS
    runs["start"] = each + int(way_ms * MS)
    runs["end"] = runs["start"] + 1
    return Records(sends, runs)


def run_of(network_cpu_s: float, passed: Counts = NOTHING) -> Run:
    def at(seconds: int, cpu_s: float) -> dict[str, Usage]:
        return {"network": Usage(seconds * 1000 * MS, "network", 1, cpu_s, None, None)}

    window = Window(at(0, 0.0), Counters(), at(10, network_cpu_s), network=passed)
    topology = SimpleNamespace(slots=1)
    link = SimpleNamespace(counts=lambda: passed)
    return cast("Run", SimpleNamespace(windows={"load": window}, topology=topology, link=link))


def named(name: str) -> Point:
    return next(point for point in SCENARIO.points(FULL) if point.name == name)


def test_every_round_trip_time_is_there_with_the_profile_and_with_one_slot() -> None:
    points = SCENARIO.points(QUICK)
    assert [(p.name, p.options.get(ROUND_TRIP), p.wants.get("processes")) for p in points] == [
        ("0 ms", 0.0, None),
        ("0.2 ms", 0.2, None),
        ("1 ms", 1.0, None),
        ("5 ms", 5.0, None),
        (DIRECT, None, 1),
        ("one slot, 0 ms", 0.0, 1),
        ("one slot, 0.2 ms", 0.2, 1),
        ("one slot, 1 ms", 1.0, 1),
        ("one slot, 5 ms", 5.0, 1),
    ]
    longest = max(SCENARIO.expected_s(point) for point in points)
    assert longest == SCENARIO.expected_s(points[-1])


def test_the_backlog_and_what_comes_after_it_are_told_apart() -> None:
    backlog, few = parted(records(12, 1, 1), 10)
    assert (len(backlog.sends), len(backlog.runs), len(few.sends), len(few.runs)) == (10, 10, 2, 2)
    assert few.sends["seq"].tolist() == [10, 11]


def test_a_task_takes_the_time_between_two_ends_where_there_is_one_slot() -> None:
    drained = records(100, 1, 2.5)

    def found(name: str) -> dict[str, float]:
        return {m.name: m.value for m in rate_metrics(run_of(0.0), named(name), drained)}

    assert found("one slot, 5 ms")["time_per_task"] == pytest.approx(2.5)
    assert found(DIRECT)["drain_rate"] == pytest.approx(400)
    assert "time_per_task" not in found("5 ms")


def test_a_task_that_started_before_it_could_arrive_found_another_way() -> None:
    joined = join(records(10, 4.9, 10))
    assert shortcuts(joined, 4.9) == []
    (said,) = shortcuts(joined, 5.0)
    assert said.startswith("10 tasks started sooner after the send than the network allows")


def test_a_rate_that_is_the_proxys_own_is_void() -> None:
    assert overloaded(run_of(7.9)) == []
    (said,) = overloaded(run_of(8.5))
    assert said == "the proxy that delays took 85 % of a core: the rate is its own"


def test_what_passed_the_network_is_told_per_task() -> None:
    run = run_of(0.0, Counts(3, up=200, down=300, late_ns=5_000_000))
    found = {m.name: m.value for m in network_metrics(run, named("1 ms"), 100)}
    assert found == {
        "network_round_trip": 1.0,
        "broker_requests_per_task": 2.0,
        "broker_answers_per_task": 3.0,
        "network_connections": 3,
        "network_lateness_mean": 10.0,
        "network_round_trip_real": 1.02,
    }
    silent = {m.name for m in network_metrics(run_of(0.0), named("1 ms"), 100)}
    assert "network_lateness_mean" not in silent


def test_counts_are_read_from_the_file_that_the_proxy_has_mapped(tmp_path: Path) -> None:
    path = tmp_path / "counts"
    file = mapped(path)
    assert Counts.read(path) == NOTHING
    LAYOUT.pack_into(file, 0, *Counts(1, 10, 20, 100, 200, 3_000, 900))
    later = Counts.read(path)
    assert later.since(Counts(1, 4, 5, 50, 60, 1_000, 800)) == Counts(0, 6, 15, 50, 140, 2_000, 900)
    assert later.mean_late_us == pytest.approx(0.1)


def test_a_stall_slows_one_stretch_down_and_not_the_time_per_task() -> None:
    ends = np.arange(101) * 2 * MS
    ends[50:] += 500 * MS
    assert time_per_task(ends) == pytest.approx(2)
