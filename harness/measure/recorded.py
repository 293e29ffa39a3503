"""Reading records: the binary files of a trial as arrays, complete or while they grow."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.records import (
    CALL,
    CHARGED,
    ENQUEUE_SUFFIX,
    EVENTS,
    HEARD,
    HEARD_SUFFIX,
    IDENTITY,
    IDENTITY_SUFFIX,
    KINDS,
    LIFESPAN,
    PHASE_SHIFT,
    PHASES,
    REFUSAL_SUFFIX,
    RUN,
    RUN_SUFFIX,
    SEND,
    SEND_SUFFIX,
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
    SEND_TYPE: SEND, RUN_TYPE: RUN, CALL_TYPE: CALL, IDENTITY_TYPE: IDENTITY, HEARD_TYPE: HEARD,
}  # fmt: skip
if any(dtype.itemsize != layout.size for dtype, layout in LAYOUTS.items()):
    raise ImportError(
        "harness.measure.metrics.recorded and tasks.records disagree about the record layout"
    )

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
    by sequence number, then start. Stamps in ns of CLOCK_MONOTONIC. ``refusal``: what a send that
    raised last said, empty where none did.
    """

    sends: Array
    runs: Array
    refusal: str = ""

    @classmethod
    def read(cls, folder: Path, phase: str = "load") -> "Records":
        sends, runs = (
            read_all(folder, SEND_SUFFIX, SEND_TYPE), read_all(folder, RUN_SUFFIX, RUN_TYPE),
        )  # fmt: skip
        said = [path.read_text() for path in sorted(folder.glob(f"*{REFUSAL_SUFFIX}"))]
        return replace(cls.of(sends, runs, phase), refusal=said[0] if said else "")

    @classmethod
    def phases(cls, folder: Path) -> dict[str, "Records"]:
        """Every phase's, from one reading of the files."""
        sends = read_all(folder, SEND_SUFFIX, SEND_TYPE)
        runs = read_all(folder, RUN_SUFFIX, RUN_TYPE)
        return {phase: cls.of(sends, runs, phase) for phase in PHASES}

    @classmethod
    def of(cls, sends: Array, runs: Array, phase: str = "load") -> "Records":
        """Keep one phase of raw records and put them in order."""
        index = PHASES.index(phase)
        sends = sends[phase_of(sends["seq"]) == index].copy()
        runs = runs[phase_of(runs["seq"]) == index].copy()
        sends["seq"] = number_of(sends["seq"])
        runs["seq"] = number_of(runs["seq"])
        return cls(sends[np.argsort(sends["seq"])], runs[np.lexsort((runs["start"], runs["seq"]))])


def charges(folder: Path) -> dict[int, int]:
    """How often each load task's charge took effect, by its sequence number."""
    found = {int(p.name.removeprefix(CHARGED)): p for p in folder.glob(f"{CHARGED}*")}
    load = PHASES.index("load")
    return {
        seq & SEQ_MASK: path.stat().st_size
        for seq, path in found.items()
        if seq >> PHASE_SHIFT == load
    }


def enqueues(folder: Path) -> Array:
    """The load's calls of the framework within a web application (SEND_TYPE), ``seq`` as sent."""
    return Records.of(
        read_all(folder, ENQUEUE_SUFFIX, SEND_TYPE), np.empty(0, dtype=RUN_TYPE)
    ).sends


def lifespan(folder: Path) -> dict[str, float] | None:
    """``start_s`` and ``stop_s`` of a web application; None when it did not come to its end."""
    path = folder / LIFESPAN
    return json.loads(path.read_text()) if path.exists() else None


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


def event_number(event: str) -> int:
    """What stands for an event in records."""
    return EVENTS.index(event)


class Growing:
    """Record files of a running trial: each read gives what was written since the one before."""

    def __init__(self, folder: Path, suffix: str, dtype: np.dtype[Any]) -> None:
        self._folder = folder
        self._suffix = suffix
        self._dtype = dtype
        self._offsets: dict[Path, int] = {}
        self.total = 0  # records read so far

    def read(self) -> Array:
        parts = [np.empty(0, dtype=self._dtype)]
        for path in self._folder.glob(f"*{self._suffix}"):
            offset = self._offsets.get(path, 0)
            fresh = leading(read_file(path, self._dtype, offset))
            self._offsets[path] = offset + fresh.nbytes
            parts.append(fresh)
            self.total += len(fresh)
        return np.concatenate(parts)


def heard_so_far(folder: Path) -> Callable[[], int]:
    """Counts the events heard so far, of all phases; each look reads only what is new."""
    growing = Growing(folder, HEARD_SUFFIX, HEARD_TYPE)

    def count() -> int:
        growing.read()
        return growing.total

    return count


class Underway:
    """Load tasks of a running trial: those that ended since the last look, with their sends."""

    def __init__(self, folder: Path) -> None:
        self._growing = (
            Growing(folder, SEND_SUFFIX, SEND_TYPE), Growing(folder, RUN_SUFFIX, RUN_TYPE),
        )  # fmt: skip
        self._open = [np.empty(0, dtype=dtype) for dtype in (SEND_TYPE, RUN_TYPE)]

    def ended(self) -> Records:
        """Sends and runs of tasks that have both by now, each given once."""
        load = PHASES.index("load")
        found = [
            np.concatenate([kept, fresh[phase_of(fresh["seq"]) == load]])
            for kept, fresh in zip(self._open, (g.read() for g in self._growing), strict=True)
        ]
        both = np.intersect1d(found[0]["seq"], found[1]["seq"])
        done = [np.isin(records["seq"], both) for records in found]
        self._open = [records[~of] for records, of in zip(found, done, strict=True)]
        sends, runs = (records[of] for records, of in zip(found, done, strict=True))
        return Records.of(sends, runs)

    @property
    def unfinished(self) -> int:
        """Tasks that were sent and had not ended at the last look."""
        return len(self._open[0])


class Seen:
    """Which task numbers have come; a mark a number, since a soak has millions of them."""

    def __init__(self) -> None:
        self._marks = np.zeros(1024, dtype=bool)
        self.count = 0

    def add(self, numbers: Array) -> None:
        if not len(numbers):
            return
        if (top := int(numbers.max())) >= len(self._marks):
            grown = np.zeros(2 * (top + 1), dtype=bool)
            grown[: len(self._marks)] = self._marks
            self._marks = grown
        self._marks[numbers] = True
        self.count = int(np.count_nonzero(self._marks))


class RecordTail:
    """Follows the worker records of a running trial: who has completed what so far.

    Reads only what was appended since the last look, so looking 20 times a second costs little.
    """

    def __init__(self, folder: Path) -> None:
        self._runs = Growing(folder, RUN_SUFFIX, RUN_TYPE)
        self._done = [Seen() for _ in PHASES]
        self._good = [Seen() for _ in PHASES]
        self._pids: list[set[int]] = [set() for _ in PHASES]

    def poll(self) -> int:
        """Read what is new; returns the number of records seen so far, of all phases."""
        fresh = self._runs.read()
        phases = phase_of(fresh["seq"])
        for index in np.unique(phases):
            mine = fresh[phases == index]
            numbers = number_of(mine["seq"])
            self._done[index].add(numbers)
            self._good[index].add(numbers[mine["outcome"] == 0])
            self._pids[index].update(mine["pid"].tolist())
        return self._runs.total

    def completed(self, phase: str) -> int:
        """Distinct tasks of a phase with at least one record (a duplicate does not hide a loss)."""
        return self._done[PHASES.index(phase)].count

    def succeeded(self, phase: str) -> int:
        """Distinct tasks of a phase with at least one successful attempt."""
        return self._good[PHASES.index(phase)].count

    def worker_pids(self, phase: str) -> set[int]:
        """Processes that executed tasks of the phase."""
        return self._pids[PHASES.index(phase)]
