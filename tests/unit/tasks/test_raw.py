"""What the floor puts around a body, without a broker."""

from typing import Any

import pytest

from tasks.frameworks.raw.client import same_place
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


def test_an_address_is_the_one_asked_for_however_it_is_written() -> None:
    url = "postgresql://be%6Ech:hidden@127.0.0.1:5432/bench"
    assert same_place(url, "127.0.0.1", 5432, "bench", "bench") == url
    assert same_place("redis://localhost", "localhost", 6379, None, 0) == "redis://localhost"
    elsewhere = same_place(url, "127.0.0.1", 5433, "bench", "bench")
    assert elsewhere == "postgresql://bench@127.0.0.1:5433/bench"
