"""Tasks arrive as they were sent, whether they travel as text or as bytes."""

import json
from typing import Any

import pytest

from tasks.as_bytes import as_bytes, from_bytes
from tasks.as_text import as_sent, as_text

EVERY = pytest.mark.parametrize(
    ("kind", "arg"),
    [
        ("noop", 0),
        ("carry", ["binary 4", b"\x00\n\xff!"]),
        ("carry", ["binary 0", b""]),
        ("carry", ["nested 100", {"records": [{"id": 1}]}]),
        ("model", ["id 1024", 1]),
    ],
)


@EVERY
def test_an_argument_travels_as_text(kind: str, arg: Any) -> None:
    assert as_sent(kind, json.loads(json.dumps(as_text(kind, arg)))) == arg


@EVERY
def test_a_task_travels_as_bytes(kind: str, arg: Any) -> None:
    assert from_bytes(as_bytes(7, kind, arg)) == (7, kind, arg)
