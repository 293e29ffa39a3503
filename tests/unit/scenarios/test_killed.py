"""What a kill cost, by the records of those that came after it."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.records import Records
from harness.scenario.point import FULL, QUICK
from scenarios.killed import SCENARIO, WAITING, wait_s
from tests.conftest import TINY

SECOND, SLOTS = 1_000_000_000, 4


def runs(numbers: list[int], at_s: list[float]) -> Array:
    found = np.zeros(len(numbers), RUN_TYPE)
    found["seq"] = numbers
    found["start"] = np.array(at_s) * SECOND
    found["end"], found["pid"] = found["start"] + 1, 1
    return found


def measured(redone: list[int], at_s: list[float], waiting: int) -> dict[str, float]:
    """Tasks 0 to 3 were at work at second 10; of those waiting so many were done."""
    sends = np.zeros(SLOTS + WAITING, SEND_TYPE)
    sends["seq"] = np.arange(SLOTS + WAITING)
    numbers = [*redone, *range(SLOTS, SLOTS + waiting)]
    run: Any = SimpleNamespace(
        topology=SimpleNamespace(slots=SLOTS),
        abandoned=frozenset(range(SLOTS)),
        marks={"killed": 10 * SECOND, "waited": 40 * SECOND},
        workers=SimpleNamespace(revived=2),
    )
    point = SCENARIO.points(TINY)[0]
    found = SCENARIO.measure(run, point, Records(sends, runs(numbers, [*at_s, *[12.0] * waiting])))
    assert found.void == []
    return {metric.name: metric.value for metric in found.metrics}


def test_the_last_that_was_redone_says_how_long_it_took() -> None:
    found = measured([0, 1, 2, 3, 3], [13, 15, 14, 12, 30], WAITING)
    assert found["redone_after"] == 5.0
    assert found["redone_twice"] == 1
    assert found["not_redone"] == found["waiting_lost"] == 0
    assert found["at_work"] == 4
    assert found["waited"] == 30


def test_what_nobody_redid_took_no_time() -> None:
    found = measured([], [], WAITING - 3)
    assert found["not_redone"] == 100
    assert found["waiting_lost"] == 3
    assert "redone_after" not in found


def test_the_stock_command_line_is_killed_and_waited_for() -> None:
    assert [point.wants for point in SCENARIO.points(FULL)] == [{"stock": True}]
    assert wait_s(FULL) > 600 > wait_s(QUICK) > wait_s(TINY)
