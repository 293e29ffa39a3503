"""Schedules of an open loop."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.records import Records
from harness.measure.sampler import Usage
from harness.measure.turns import Turn
from harness.measure.validity import backlog
from harness.scenario.open_loop import (
    constant,
    cpu_figures,
    growth_of,
    overload,
    poisson,
    segments,
)
from tests.unit.measure.made import MS, queue


def test_schedules_are_arithmetic() -> None:
    assert constant(500, 3).tolist() == [0, 2 * MS, 4 * MS]
    first, again = (poisson(100, 10_000, np.random.default_rng(5)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert np.mean(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)
    assert np.std(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)


def test_a_schedule_in_segments_is_the_same_schedule() -> None:
    offsets = poisson(500.0, 2000, np.random.default_rng(3))
    parts = list(segments(offsets, 1.0))
    assert all(part[0] >= 0 and part[-1] < 10**9 for part in parts)
    whole = np.concatenate([part + n * 10**9 for n, part in enumerate(parts)])
    assert whole.tolist() == offsets.tolist()
    (alone,) = segments(offsets, 0.0)
    assert alone is offsets


@pytest.mark.parametrize("turns", [{}, {"load": [Turn(0, 2 * 10**9, {"workers": 0.5})]}])
def test_a_low_load_has_its_cpu_with_and_without_polling(turns: dict[str, Any]) -> None:
    """Half a second of CPU in two seconds, of which idle workers would have taken 0.4."""

    def seen(at_s: int, cpu_s: float) -> dict[str, Usage]:
        return {"workers": Usage(at_s * 10**9, "workers", 1, cpu_s, None, None)}

    window = SimpleNamespace(before=seen(0, 1.0), after=seen(2, 1.5))
    run: Any = SimpleNamespace(turns=turns, windows={"load": window}, idle={"workers": 0.2})
    found = {metric.name: metric.value for metric in cpu_figures(run, 100)}
    assert found["workers_cpu_per_task"] == pytest.approx(1000)
    assert found["workers_cpu_gross_per_task"] == pytest.approx(5000)


@pytest.mark.parametrize("slots", [4, 5, None])
def test_a_backlog_that_stands_above_the_slots_is_an_overload(slots: int | None) -> None:
    """A task a millisecond, each of 5.5 ms: five at least are there, and no more come to be."""
    standing = queue([float(n) for n in range(2000)], 0.0)
    standing.runs["end"] = standing.runs["start"] + 11 * MS // 2
    growth = backlog(standing)
    assert (growth.unstable, growth.least) == (False, 5)
    said = overload(growth, slots)
    if slots == 4:
        assert said == "never fewer than 5 tasks in the second half, for 4 slots,"
    else:
        assert said is None  # room for all of them, or they wait for something else


@pytest.mark.parametrize(("growing", "unstable"), [(2, True), (1, False)])
def test_turns_are_an_overload_where_the_backlog_grew_in_most_of_them(
    growing: int, unstable: bool
) -> None:
    """Three segments of 500 tasks; in those that grow each takes 1.5 times as long as they are
    apart.
    """
    second = 10**9
    parts = [queue([float(n) for n in range(500)], 1.5 if n < growing else 0.5) for n in range(3)]
    for number, part in enumerate(parts):
        for name in ("intended", "send", "ack"):
            part.sends[name] += 2 * number * second
        part.runs["end"] += 2 * number * second
        part.sends["seq"] += 1000 * number
        part.runs["seq"] += 1000 * number
    sends, runs = (np.concatenate([getattr(p, n) for p in parts]) for n in ("sends", "runs"))
    turns = [Turn(2 * n * second, (2 * n + 1) * second) for n in range(3)]
    run: Any = SimpleNamespace(turns={"load": turns})
    assert growth_of(run, Records(sends, runs)).unstable is unstable
