"""How the floor writes a task."""

from typing import Any

import pytest

from tasks.frameworks.raw.message import message, task


@pytest.mark.parametrize(
    ("kind", "arg"),
    [
        ("noop", 0),
        ("carry", ["nested 1", {"a": [1.5, "ü", "\n"]}]),
        ("carry", ["b", b"\n[\x00\xff"]),
    ],
)
def test_a_task_arrives_as_it_was_sent(kind: str, arg: Any) -> None:
    assert task(message(7, kind, arg)) == (7, kind, arg)
