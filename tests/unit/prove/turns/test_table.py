"""What the proof of turns counts: what is wrong, found too late, disagrees or is too noisy."""

import math
from typing import Any

import pytest

from harness.prove.turns.plan import (
    BLOCK,
    FIVE_ALONE,
    GROUPS,
    LATENCY_TWENTY,
    LOADED,
    TWO,
    TWO_ALONE,
)
from harness.prove.turns.table import CPU, Line, lines
from tests.unit.prove.turns.made import SHOWN, block, compared

Row = dict[str, Any]
NOISY = [0.97, 0.98, 0.99, 1.01, 1.02, 1.03, 1.0]


def told(rows: list[Row], words: str) -> list[Line]:
    return [line for line in lines(rows) if line.found.name.startswith(words)]


def met(rows: list[Row], words: str) -> list[bool | None]:
    """None where it is not decided yet."""
    return [line.found.passed if line.decided else None for line in told(rows, words)]


@pytest.mark.parametrize(
    ("wrong", "right", "expected"), [(0, 10, True), (1, 0, False), (0, 6, None), (1, 9, False)]
)
def test_false_alarms_are_at_most_one_in_twenty(
    wrong: int, right: int, expected: bool | None
) -> None:
    """A row has two comparisons of equal arms: one that is wrong in both is too much."""
    rows = [compared(TWO, equal="slower_uncertain")] * wrong + [compared(TWO)] * right
    assert met(rows, "A/A in turns, throughput") == [expected]
    assert met(rows, "A/A in turns, latency") == []


def test_one_false_alarm_of_twenty_is_chance() -> None:
    rows = [compared(TWO) for _ in range(10)]
    rows[0]["verdicts"]["1-2"][CPU]["kind"] = "faster"
    [line] = told(rows, "A/A")
    assert (line.found.value, line.found.passed, line.decided) == (1, True, True)


def test_an_invalid_and_a_missing_verdict_are_wrong() -> None:
    lacking = compared(TWO)
    del lacking["verdicts"]["1-2"][CPU]
    del lacking["verdicts"]["3-4"]
    [line] = told([lacking, compared(TWO, equal="invalid")], "A/A")
    assert line.found.value == 4


@pytest.mark.parametrize(
    ("missed", "found", "expected"),
    [(0, 5, True), (1, 4, False), (1, 0, False), (0, 4, None)],
)
def test_what_is_planted_has_to_be_found_nine_times_of_ten(
    missed: int, found: int, expected: bool | None
) -> None:
    """Two comparisons a row; one that misses both is too much, however many follow."""
    rows = [compared(TWO, planted="equivalent")] * missed + [compared(TWO)] * found
    assert met(rows, "planted +2 % in Celery, throughput") == [expected]


def test_nine_of_ten_are_enough() -> None:
    rows = [compared(LATENCY_TWENTY, planted="slower_uncertain") for _ in range(5)]
    rows[0]["verdicts"]["1-3"][CPU]["kind"] = "inconclusive"
    [line] = told(rows, "planted +20 % in Celery, latency")
    assert (line.found.value, line.found.passed) == (9, True)


@pytest.mark.parametrize(
    ("verdict", "seconds", "passed"),
    [("slower", 290.0, True), ("slower_uncertain", 299.0, True), ("slower", 301.0, False)],
)
def test_two_arms_alone_have_to_come_to_it_in_time(
    verdict: str, seconds: float, passed: bool
) -> None:
    rows = [compared(TWO_ALONE, planted=verdict, seconds=seconds)]
    assert met(rows, "time to find +2 %") == [passed]


def test_what_was_not_found_took_no_time_that_counts() -> None:
    rows = [compared(FIVE_ALONE, planted="equivalent", seconds=60.0)]
    [line] = told(rows, "time to find +5 %")
    assert math.isnan(line.found.value)
    assert not line.found.passed


def test_ratios_in_turns_and_in_sequence_have_to_agree() -> None:
    arms = GROUPS[1]
    agreeing = [block(BLOCK, arms, 2 * n, 2 * n) for n in NOISY]
    name = f"in turns as in sequence, throughput: {', '.join(arms)}"
    assert met(agreeing, name) == [True]
    apart = [block(BLOCK, arms, 2 * n, 3 * n) for n in NOISY]
    [line] = told(apart, name)
    assert not line.found.passed
    assert 100 * (3 * 0.97 / (2 * 1.03) - 1) < line.found.value < 50  # 1.5 times as much
    assert met(apart[:3], name) == [None]
    assert f"asynctasq==1.5.0 / asynctasq==1.4.1, {CPU}: 2.0" in line.found.sentence


def test_a_void_trial_is_said_and_its_block_left_out() -> None:
    rows = [block(BLOCK, GROUPS[1], 2 * n, 2 * n) for n in NOISY]
    rows[0]["turns"][1] = {"status": "invalid", "reason": "lost: 1 of 9 tasks"}
    [line] = told(rows, "in turns as in sequence")
    assert line.decided
    assert line.found.passed
    assert "1 of 28 trials void, the first: lost: 1 of 9 tasks" in line.found.sentence
    rows[1]["turns"][1] = {"status": "failed", "reason": "it died"}
    assert met(rows, "in turns as in sequence") == [None]


def test_turns_have_to_be_the_steadier_way() -> None:
    spread = [0.9, 1.1, 0.95, 1.05, 0.92, 1.08, 1.0]
    arms = LOADED.groups[0]
    steadier = [block(LOADED, arms, 1 + (n - 1) / 5, n) for n in spread]
    names = "scatter in turns / in sequence, "
    assert met(steadier, names) == [True, True]
    [line, _] = told(steadier, names)
    assert line.found.name.endswith("drain_rate, beside one busy core")
    assert line.found.value == pytest.approx(0.2, rel=0.05)
    assert "90 % interval of their ratio [0.1" in line.found.sentence
    assert met([block(LOADED, arms, n, n) for n in spread], names) == [False, False]
    assert met(steadier[:3], names) == [None, None]


def test_minutes_to_two_percent_are_blocks_times_their_seconds() -> None:
    """A scatter of 1.3 % takes six blocks, the fewest of an interval, of 200 s / 14 each; one of
    5 % takes 27.
    """
    rows = [compared(TWO), compared(TWO_ALONE, seconds=200.0)]
    quick, _ = told(rows, "time until")
    assert quick.found.value == pytest.approx(6 * 200 / 14 / 60)
    for each in rows[0]["verdicts"].values():
        for name in SHOWN:
            each[name]["sd"] = 0.05
    slow, _ = told(rows, "time until")
    assert slow.found.value == pytest.approx(27 * 200 / 14 / 60)
    assert not slow.found.passed
    assert told(rows[:1], "time until") == []
