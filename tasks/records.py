"""The record layout: fixed-width binary stamps, the one truth every figure comes from.

A producer appends a SEND record for every enqueue call, a worker process appends a RUN
record for every attempt it executed. One ``os.write`` a record with O_APPEND: a process
that is killed loses at most the record it was about to write.

All stamps are ``time.monotonic_ns()`` of one host (CLOCK_MONOTONIC, the same in every process).
"""

import os
import struct
from pathlib import Path

# seq, intended_ns, send_ns, ack_ns, kind, outcome, pid
SEND = struct.Struct("<qqqqHHI")
# seq, start_ns, end_ns, kind, outcome, pid
RUN = struct.Struct("<qqqHHI")

SEND_SUFFIX = ".send"
RUN_SUFFIX = ".run"

PHASES = ("ready", "warmup", "gate", "load")
KINDS = ("noop", "nap", "gate")
OUTCOMES = ("ok", "failed")

# A task carries its phase in the high bits of its sequence number, so that a worker's record
# needs no second field for it. 2**40 tasks a phase; the sum stays below 2**53 (JSON-safe).
PHASE_SHIFT = 40


def wire_seq(phase: str, seq: int) -> int:
    """The sequence number as it travels: phase and number in one integer."""
    return PHASES.index(phase) << PHASE_SHIFT | seq


class RecordWriter:
    """Appends records to one file a process; safe over fork and threads.

    A forked child gets a file of its own at its first record: the descriptor is dropped in
    the child, so parent and child never share one.
    """

    def __init__(self, directory: Path, suffix: str) -> None:
        self._directory = directory
        self._suffix = suffix
        self._fd = -1
        self.pid = os.getpid()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1
        self.pid = os.getpid()

    def _open(self) -> int:
        path = self._directory / f"{self.pid}{self._suffix}"
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        return self._fd

    def write(self, record: bytes) -> None:
        """Append one packed record. Raises OSError when the disk refuses it."""
        written = os.write(self._fd if self._fd >= 0 else self._open(), record)
        if written != len(record):
            raise OSError(f"short write: {written} of {len(record)} bytes of a record")
