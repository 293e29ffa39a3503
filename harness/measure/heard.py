"""What a listener heard of a framework's task events."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harness.measure.growing import Growing
from harness.measure.layouts import HEARD_TYPE, IDENTITY_TYPE, SEQ_MASK, Array
from harness.measure.records import read_all
from tasks.records import HEARD_SUFFIX, IDENTITY_SUFFIX, PHASE_SHIFT, PHASES


@dataclass(frozen=True)
class Heard:
    """Events of load tasks: sequence number, which (index into EVENTS), when heard (ns); sorted by
    ``seq``, then event. ``repeated`` were heard before.
    """

    seq: Array
    event: Array
    at: Array
    repeated: int


def heard_events(folder: Path) -> Heard:
    """What the listener heard, told by the framework's ids, as load tasks."""
    identities = read_all(folder, IDENTITY_SUFFIX, IDENTITY_TYPE)
    seqs = {
        (int(i["upper"]), int(i["lower"])): int(i["seq"]) & SEQ_MASK
        for i in identities
        if int(i["seq"]) >> PHASE_SHIFT == PHASES.index("load")
    }
    first: dict[tuple[int, int], int] = {}
    repeated = 0
    for event in np.sort(read_all(folder, HEARD_SUFFIX, HEARD_TYPE), order="at"):
        seq = seqs.get((int(event["upper"]), int(event["lower"])))
        if seq is None:  # of a task before the load
            continue
        key = (seq, int(event["event"]))
        repeated += key in first
        first.setdefault(key, int(event["at"]))
    keys = sorted(first)
    return Heard(
        np.array([seq for seq, _ in keys], dtype=np.int64),
        np.array([event for _, event in keys], dtype=np.int64),
        np.array([first[key] for key in keys], dtype=np.int64),
        repeated,
    )


def heard_so_far(folder: Path) -> Callable[[], int]:
    """Counts the events heard so far, of all phases; each look reads only what is new."""
    growing = Growing(folder, HEARD_SUFFIX, HEARD_TYPE)

    def count() -> int:
        growing.read()
        return growing.total

    return count
