"""A task's argument where a framework's JSON knows no bytes: those travel as base64.

What a program does by hand there, and what Celery's own JSON does by itself.
"""

from base64 import b64decode, b64encode
from typing import Any

CARRY = "carry"  # the one kind of task whose argument may be bytes: a payload's name and it
BYTES = "base64"


def as_text(kind: str, arg: Any) -> Any:
    """The argument to send: with text in the place of bytes."""
    if kind == CARRY and isinstance(arg[1], bytes):
        return [arg[0], {BYTES: b64encode(arg[1]).decode()}]
    return arg


def fitting(serializer: str, kind: str, arg: Any) -> Any:
    """The argument to send by the serializer of that name: with text only where that is JSON."""
    return as_text(kind, arg) if serializer == "json" else arg


def as_sent(kind: str, arg: Any) -> Any:
    """The opposite, in the worker."""
    if kind == CARRY and isinstance(arg[1], dict) and arg[1].keys() == {BYTES}:
        return [arg[0], b64decode(arg[1][BYTES])]
    return arg
