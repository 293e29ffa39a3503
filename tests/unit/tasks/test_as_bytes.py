"""A task as bytes, as the floor and PgQueuer send it."""

from typing import Any

import pytest

from tasks.as_bytes import as_bytes, from_bytes


@pytest.mark.parametrize(
    ("kind", "arg"),
    [
        ("noop", 0),
        ("carry", ["nested 1", {"a": [1.5, "ü", "\n"]}]),
        ("carry", ["b", b"\n[\x00\xff"]),
    ],
)
def test_a_task_arrives_as_it_was_sent(kind: str, arg: Any) -> None:
    assert from_bytes(as_bytes(7, kind, arg)) == (7, kind, arg)
