"""The records of a trial that has ended: every send and every attempt of a phase."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from harness.measure.clocks import Clock
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array, number_of, phase_of
from tasks.records import HOST_SIGN, PHASES, REFUSAL_SUFFIX, RUN_SUFFIX, SEND_SUFFIX

CLOCKS = "clocks.json"  # of other hosts, beside the records
STAMPS = {"intended", "send", "ack", "start", "end", "at"}


def read_file(path: Path, dtype: np.dtype[Any], offset: int = 0) -> Array:
    """The slots of a file from a byte offset: written records and, after them, reserved room."""
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read()
    whole = len(data) // dtype.itemsize
    return np.frombuffer(data[: whole * dtype.itemsize], dtype=dtype)


def clocks_of(folder: Path) -> dict[str, Clock]:
    """Of other hosts whose records are there, by their names; as soon as they are known."""
    path = folder / CLOCKS
    known = json.loads(path.read_text()) if path.exists() else {}
    return {name: Clock(**clock) for name, clock in known.items()}


def by_our_clock(path: Path, records: Array, clocks: Mapping[str, Clock]) -> Array:
    """The records of a file, their stamps as the clock here would have made them."""
    clock = clocks.get(path.stem.partition(HOST_SIGN)[2])
    if clock is None:
        return records
    found = records.copy()
    for name in STAMPS & {*(records.dtype.names or ())}:
        found[name] = clock.here(records[name])
    return found


def read_all(folder: Path, suffix: str, dtype: np.dtype[Any]) -> Array:
    """Every record of a folder. What a killed writer had not finished has no pid: left out."""
    clocks = clocks_of(folder)
    files = sorted(folder.glob(f"*{suffix}"))
    parts = [by_our_clock(path, read_file(path, dtype), clocks) for path in files]
    slots = np.concatenate(parts) if parts else np.empty(0, dtype=dtype)
    written: Array = slots[slots["pid"] != 0]
    return written


def refusal(folder: Path) -> str:
    """What a send that raised last said; empty where none did."""
    said = [path.read_text() for path in sorted(folder.glob(f"*{REFUSAL_SUFFIX}"))]
    return said[0] if said else ""


@dataclass(frozen=True)
class Records:
    """All records of one phase; ``seq`` holds numbers within the phase.

    ``sends``: one row an enqueue call (SEND_TYPE). ``runs``: one row an attempt (RUN_TYPE),
    by sequence number, then start. Stamps in ns of this host's CLOCK_MONOTONIC. ``refusal``: what a
    send that raised last said, empty where none did.
    """

    sends: Array
    runs: Array
    refusal: str = ""

    @classmethod
    def read(cls, folder: Path, phase: str = "load") -> "Records":
        sends = read_all(folder, SEND_SUFFIX, SEND_TYPE)
        runs = read_all(folder, RUN_SUFFIX, RUN_TYPE)
        return replace(cls.of(sends, runs, phase), refusal=refusal(folder))

    @classmethod
    def phases(cls, folder: Path) -> dict[str, "Records"]:
        """Every phase's, from one reading of the files."""
        sends = read_all(folder, SEND_SUFFIX, SEND_TYPE)
        runs = read_all(folder, RUN_SUFFIX, RUN_TYPE)
        found = {phase: cls.of(sends, runs, phase) for phase in PHASES}
        return found | {"load": replace(found["load"], refusal=refusal(folder))}

    @classmethod
    def of(cls, sends: Array, runs: Array, phase: str = "load") -> "Records":
        """Keep one phase of raw records and put them in order."""
        index = PHASES.index(phase)
        sends = sends[phase_of(sends["seq"]) == index].copy()
        runs = runs[phase_of(runs["seq"]) == index].copy()
        sends["seq"] = number_of(sends["seq"])
        runs["seq"] = number_of(runs["seq"])
        return cls(sends[np.argsort(sends["seq"])], runs[np.lexsort((runs["start"], runs["seq"]))])
