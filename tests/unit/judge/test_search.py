"""The search for a sustainable rate, on objectives whose answer is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge.search import bracket, majority


@given(st.floats(1, 1e6), st.floats(0.07, 15))
def test_the_bracket_holds_the_limit_and_is_narrow(start: float, share: float) -> None:
    limit = start * share
    asked: list[float] = []

    def holds(rate: float) -> bool:
        asked.append(rate)
        return rate <= limit

    found = bracket(start, holds)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= limit < found.high
    assert found.high / found.low <= 1.05
    assert {found.low, found.high} <= set(asked)  # both ends were measured
    assert len(asked) == len(set(asked)) <= 13


def test_an_end_that_was_not_found_is_left_open() -> None:
    above, below = bracket(100, lambda _: True), bracket(100, lambda _: False)
    assert above.low == pytest.approx(1600)
    assert below.high == pytest.approx(6.25)
    assert above.high is below.low is None
    with pytest.raises(ValueError, match="rate > 0"):
        bracket(0, lambda _: True)


@pytest.mark.parametrize(
    ("answers", "said", "asked"),
    [([True, True], True, 2), ([False, False], False, 2), ([True, False, False], False, 3)],
)
def test_a_majority_asks_no_more_than_it_needs(answers: list[bool], said: bool, asked: int) -> None:
    left = iter(answers)
    assert majority(lambda: next(left)) is said
    assert len(answers) == asked
    assert next(left, None) is None
