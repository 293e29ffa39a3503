"""Reading records: the binary files of a trial as arrays, complete or while they grow."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.records import CALL, KINDS, PHASE_SHIFT, PHASES, RUN, RUN_SUFFIX, SEND, SEND_SUFFIX

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
if [t.itemsize for t in (SEND_TYPE, RUN_TYPE, CALL_TYPE)] != [SEND.size, RUN.size, CALL.size]:
    raise ImportError("harness.recorded and tasks.records disagree about the record layout")

Array = npt.NDArray[Any]
SEQ_MASK = (1 << PHASE_SHIFT) - 1


def kind_number(kind: str) -> int:
    """What stands for a kind in records and calls."""
    return KINDS.index(kind)


def calls(count: int, kind: str = "noop", arg: int = 0, offsets_ns: Array | None = None) -> Array:
    """``count`` equal calls (CALL_TYPE), at these offsets from the start of their phase."""
    found = np.zeros(count, dtype=CALL_TYPE)
    found["kind"], found["arg"] = kind_number(kind), arg
    if offsets_ns is not None:
        found["offset"] = offsets_ns
    return found


def phase_of(seq: Array) -> Array:
    """Index into PHASES of each wire sequence number."""
    return seq >> PHASE_SHIFT


def number_of(seq: Array) -> Array:
    """The task's number within its phase."""
    return seq & SEQ_MASK


def read_file(path: Path, dtype: np.dtype[Any], offset: int = 0) -> Array:
    """The slots of a file from a byte offset: written records and, after them, reserved room."""
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read()
    whole = len(data) // dtype.itemsize
    return np.frombuffer(data[: whole * dtype.itemsize], dtype=dtype)


def read_all(folder: Path, suffix: str, dtype: np.dtype[Any]) -> Array:
    """Every record of a folder. What a killed writer had not finished has no pid: left out."""
    parts = [read_file(path, dtype) for path in sorted(folder.glob(f"*{suffix}"))]
    slots = np.concatenate(parts) if parts else np.empty(0, dtype=dtype)
    written: Array = slots[slots["pid"] != 0]
    return written


def leading(slots: Array) -> Array:
    """The records before the first slot that is not written yet."""
    empty = np.flatnonzero(slots["pid"] == 0)
    return slots[: empty[0]] if len(empty) else slots


@dataclass(frozen=True)
class Records:
    """All records of one phase; ``seq`` holds numbers within the phase.

    ``sends``: one row an enqueue call (SEND_TYPE). ``runs``: one row an attempt (RUN_TYPE),
    by sequence number, then start. Stamps in ns of CLOCK_MONOTONIC.
    """

    sends: Array
    runs: Array

    @classmethod
    def read(cls, folder: Path, phase: str = "load") -> "Records":
        return cls.of(
            read_all(folder, SEND_SUFFIX, SEND_TYPE), read_all(folder, RUN_SUFFIX, RUN_TYPE), phase
        )

    @classmethod
    def of(cls, sends: Array, runs: Array, phase: str = "load") -> "Records":
        """Keep one phase of raw records and put them in order."""
        index = PHASES.index(phase)
        sends = sends[phase_of(sends["seq"]) == index].copy()
        runs = runs[phase_of(runs["seq"]) == index].copy()
        sends["seq"] = number_of(sends["seq"])
        runs["seq"] = number_of(runs["seq"])
        return cls(sends[np.argsort(sends["seq"])], runs[np.lexsort((runs["start"], runs["seq"]))])


class RecordTail:
    """Follows the worker records of a running trial: who has completed what so far.

    Reads only what was appended since the last look, so looking 20 times a second costs little.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offsets: dict[Path, int] = {}
        self._done: dict[int, set[int]] = {index: set() for index in range(len(PHASES))}
        self._good: dict[int, set[int]] = {index: set() for index in range(len(PHASES))}
        self._pids: dict[int, set[int]] = {index: set() for index in range(len(PHASES))}
        self.total = 0

    def poll(self) -> int:
        """Read what is new; returns the number of records seen so far, of all phases."""
        for path in self._folder.glob(f"*{RUN_SUFFIX}"):
            offset = self._offsets.get(path, 0)
            fresh = leading(read_file(path, RUN_TYPE, offset))
            if not len(fresh):
                continue
            self._offsets[path] = offset + fresh.nbytes
            self.total += len(fresh)
            phases = phase_of(fresh["seq"])
            for index in np.unique(phases):
                mine = fresh[phases == index]
                self._done[int(index)].update(number_of(mine["seq"]).tolist())
                self._good[int(index)].update(number_of(mine["seq"][mine["outcome"] == 0]).tolist())
                self._pids[int(index)].update(mine["pid"].tolist())
        return self.total

    def completed(self, phase: str) -> int:
        """Distinct tasks of a phase with at least one record (a duplicate does not hide a loss)."""
        return len(self._done[PHASES.index(phase)])

    def succeeded(self, phase: str) -> int:
        """Distinct tasks of a phase with at least one successful attempt."""
        return len(self._good[PHASES.index(phase)])

    def worker_pids(self, phase: str) -> set[int]:
        """Processes that executed tasks of the phase."""
        return self._pids[PHASES.index(phase)]
