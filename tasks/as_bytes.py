"""All of a task as bytes, where the program that sends it makes a message of its own."""

import json
from typing import Any

from tasks.as_text import CARRY


def as_bytes(seq: int, kind: str, arg: Any) -> bytes:
    """A line of JSON, and after it the payload where that is bytes."""
    if kind == CARRY and isinstance(arg[1], bytes):
        return json.dumps([seq, kind, arg[0]]).encode() + b"\n" + arg[1]
    return json.dumps([seq, kind, arg]).encode()


def from_bytes(data: bytes) -> tuple[int, str, Any]:
    """The opposite, in the worker."""
    line, newline, payload = data.partition(b"\n")
    seq, kind, arg = json.loads(line)
    return seq, kind, [arg, payload] if newline else arg
