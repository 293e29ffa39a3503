"""A task as it travels: a line of JSON, and after it the payload where that is bytes."""

import json
from typing import Any


def message(seq: int, kind: str, arg: Any) -> bytes:
    if kind == "carry" and isinstance(arg[1], bytes):
        return json.dumps([seq, kind, arg[0]]).encode() + b"\n" + arg[1]
    return json.dumps([seq, kind, arg]).encode()


def task(data: bytes) -> tuple[int, str, Any]:
    """The opposite."""
    line, newline, payload = data.partition(b"\n")
    seq, kind, arg = json.loads(line)
    return seq, kind, [arg, payload] if newline else arg
