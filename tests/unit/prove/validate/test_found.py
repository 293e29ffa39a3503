"""Bars."""

import pytest

from harness.prove.validate.found import Found, chance_most


def test_bars_are_those_of_the_method() -> None:
    assert chance_most(2_000) == 123
    assert chance_most(200) == 18


@pytest.mark.parametrize(
    ("value", "at_most", "passed"),
    [(3, True, True), (4, True, False), (2, False, False), (3, False, True)],
)
def test_a_bar_is_a_most_or_a_least(value: float, at_most: bool, passed: bool) -> None:
    assert Found("x", value, "plans", 3, at_most, "").passed == passed


def test_what_is_no_number_misses_either_bar() -> None:
    for at_most in (True, False):
        assert not Found("x", float("nan"), "plans", 3, at_most, "").passed
