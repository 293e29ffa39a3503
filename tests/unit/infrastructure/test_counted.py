"""Nouns after numbers."""

import pytest

from infrastructure.counted import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 blocks"), (1, "1 block"), (2, "2 blocks"), (2_000, "2,000 blocks")]
)
def test_one_thing_has_no_plural(number: int, said: str) -> None:
    assert counted(number, "block") == said


def test_a_plural_may_be_its_own() -> None:
    assert [counted(n, "process", "processes") for n in (1, 3)] == ["1 process", "3 processes"]
