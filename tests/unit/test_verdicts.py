"""What the proof of verdicts counts: what is wrong, found too late, disagrees or is too noisy."""

from typing import Any

import pytest

from tests.verdicts.plan import BLOCK, COMPARISONS, EQUAL, FIVE, LOADED, PAIRS, SAME, TWO, planned
from tests.verdicts.table import CPU, SHOWN, lines

Row = dict[str, Any]


def compared(kind: str, verdict: str, seconds: float = 100.0, ratio: float = 1.0) -> Row:
    verdicts = {name: {"kind": "equivalent", "ratio": 1.0} for name in SHOWN}
    verdicts[CPU] = {"kind": verdict, "ratio": ratio}
    return {"piece": [kind, SAME[0], 1], "seconds": seconds, "verdicts": verdicts}


def block(kind: str, arms: tuple[str, str], turns: float, sequence: float) -> Row:
    """With such ratios of the second arm to the first."""
    told: Row = {
        how: [
            {"status": "ok", **dict.fromkeys(SHOWN, 100.0)},
            {"status": "ok", **dict.fromkeys(SHOWN, 100.0 * ratio)},
        ]
        for how, ratio in (("turns", turns), ("sequence", sequence))
    }
    return {"piece": [kind, arms, 1], "seconds": 40.0, **told}


def met(rows: list[Row], words: str) -> list[bool | None]:
    return [found for said, found in lines(rows) if words in said and not said.startswith("  ")]


def test_every_piece_is_planned_once_and_equal_arms_alternate() -> None:
    pieces = planned()
    assert len(pieces) == len(set(pieces))
    equal = [piece.arms for piece in planned([EQUAL])]
    assert len(equal) == COMPARISONS[EQUAL]
    assert equal[:4] == [*SAME, *SAME]


@pytest.mark.parametrize(
    ("wrong", "total", "expected"), [(0, 20, True), (1, 20, True), (2, 20, False), (1, 12, None)]
)
def test_false_alarms_are_at_most_one_in_twenty(
    wrong: int, total: int, expected: bool | None
) -> None:
    rows = [compared(EQUAL, "slower")] * wrong + [compared(EQUAL, "equivalent")] * (total - wrong)
    assert met(rows, "equal arms") == [expected]


def test_an_invalid_and_a_missing_verdict_are_wrong() -> None:
    lacking = compared(EQUAL, "equivalent")
    del lacking["verdicts"][CPU]
    assert met([lacking, compared(EQUAL, "invalid")], "equal arms") == [False]


def test_what_is_planted_has_to_be_found_in_time() -> None:
    assert met([compared(TWO, "slower")] * 10, "2 %") == [True]
    late = [compared(FIVE, "slower", seconds=130.0)] * 2
    assert met([*late, *[compared(FIVE, "slower")] * 8], "5 %") == [False]
    assert met([compared(TWO, "equivalent")] + [compared(TWO, "slower")] * 9, "2 %") == [True]


def test_ratios_in_turns_and_in_sequence_have_to_agree() -> None:
    noisy = [0.97, 0.98, 0.99, 1.01, 1.02, 1.03, 1.0, 1.005]
    agreeing = [block(BLOCK, PAIRS[0], 2 * n, 2 * n) for n in noisy]
    assert met(agreeing, "asynctasq / celery") == [True] * len(SHOWN)
    apart = [block(BLOCK, PAIRS[0], 2 * n, 3 * n) for n in noisy]
    assert met(apart, "asynctasq / celery") == [False] * len(SHOWN)
    assert met(apart[:3], "asynctasq / celery") == [None] * len(SHOWN)


def test_turns_have_to_be_the_steadier_way() -> None:
    spread = [0.9, 1.1, 0.95, 1.05, 0.92, 1.08, 1.0, 1.02]
    rows = [block(LOADED, SAME[0], 1 + (n - 1) / 5, n) for n in spread]
    assert met(rows, "celery, beside one busy core") == [True, True, None]
    rows = [block(LOADED, SAME[0], n, n) for n in spread]
    assert met(rows, "celery, beside one busy core") == [False, False, None]
