"""The record layouts of ``tasks.records`` as arrays, and the numbers that stand in them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.records import (
    CALL,
    EVENTS,
    HEARD,
    IDENTITY,
    KIND_NUMBERS,
    PHASE_SHIFT,
    RUN,
    SEND,
)

SEND_TYPE = np.dtype(
    [
        ("seq", "<i8"),
        ("intended", "<i8"),
        ("send", "<i8"),
        ("ack", "<i8"),
        ("kind", "<u2"),
        ("outcome", "<u2"),
        ("pid", "<u4"),
    ]
)
RUN_TYPE = np.dtype(
    [
        ("seq", "<i8"),
        ("start", "<i8"),
        ("end", "<i8"),
        ("kind", "<u2"),
        ("outcome", "<u2"),
        ("pid", "<u4"),
    ]
)
CALL_TYPE = np.dtype(
    [
        ("offset", "<i8"),
        ("arg", "<i8"),
        ("kind", "<u2"),
        ("queue", "<u2"),
        ("delay_ms", "<u4"),
    ]
)
IDENTITY_TYPE = np.dtype(
    [
        ("seq", "<i8"),
        ("upper", "<u8"),
        ("lower", "<u8"),
        ("_", "<u4"),
        ("pid", "<u4"),
    ]
)
HEARD_TYPE = np.dtype(
    [
        ("upper", "<u8"),
        ("lower", "<u8"),
        ("at", "<i8"),
        ("event", "<u2"),
        ("_", "<u2"),
        ("pid", "<u4"),
    ]
)
LAYOUTS = {
    SEND_TYPE: SEND,
    RUN_TYPE: RUN,
    CALL_TYPE: CALL,
    IDENTITY_TYPE: IDENTITY,
    HEARD_TYPE: HEARD,
}
if any(dtype.itemsize != layout.size for dtype, layout in LAYOUTS.items()):
    raise ImportError("harness.measure.layouts and tasks.records disagree about the record layout")

Array = npt.NDArray[Any]
SEQ_MASK = (1 << PHASE_SHIFT) - 1


def kind_number(kind: str) -> int:
    """What stands for a kind in records and calls."""
    return KIND_NUMBERS[kind]


def calls(count: int, kind: str = "noop", arg: int = 0, offsets_ns: Array | None = None) -> Array:
    """``count`` equal calls (CALL_TYPE), at these offsets from the start of their phase."""
    found = np.zeros(count, dtype=CALL_TYPE)
    found["kind"], found["arg"] = kind_number(kind), arg
    if offsets_ns is not None:
        found["offset"] = offsets_ns
    return found


def event_number(event: str) -> int:
    """What stands for an event in records."""
    return EVENTS.index(event)


def phase_of(seq: Array) -> Array:
    """Index into PHASES of each wire sequence number."""
    return seq >> PHASE_SHIFT


def number_of(seq: Array) -> Array:
    """The task's number within its phase."""
    return seq & SEQ_MASK
