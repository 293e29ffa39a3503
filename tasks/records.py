"""The record layout: fixed-width binary stamps, the one truth every figure comes from.

A producer stores a SEND record for every enqueue call, a worker process a RUN record for every
attempt it executed, in a file of its own that is mapped into memory: no system call a record (one
costs 4 µs beside a busy broker), and what was stored survives the process, SIGKILL included, since
the pages belong to the kernel. A process that is killed loses at most the record it was writing.

All stamps are ``time.monotonic_ns()`` (CLOCK_MONOTONIC, the same in every process of a host). Where
a process runs on another host than the harness, BENCH_HOST names it, and so do its files' names:
whoever reads them translates their stamps.
The last field, the pid, is never zero in a record that was written: that is how a reader knows.
"""

import itertools
import mmap
import os
import struct
import threading
from pathlib import Path
from typing import Protocol
from uuid import UUID

# seq, intended_ns, send_ns, ack_ns, kind, outcome, pid
SEND = struct.Struct("<qqqqHHI")
# seq, start_ns, end_ns, kind, outcome, pid
RUN = struct.Struct("<qqqHHI")

# offset_ns, arg, kind, queue, delay_ms: one call of a phase whose tasks differ.
CALL = struct.Struct("<qqHHI")

# Where a framework's events are listened to. seq, the id that the framework gave the task (its
# upper and lower half), nothing, nothing, pid.
IDENTITY = struct.Struct("<qQQHHI")
# The id's halves, when the event was heard (ns), which event, nothing, pid.
HEARD = struct.Struct("<QQqHHI")

HOST_VARIABLE = "BENCH_HOST"
HOST_SIGN = "@"  # comes before the host's name in a file's

SEND_SUFFIX = ".send"
RUN_SUFFIX = ".run"
IDENTITY_SUFFIX = ".identity"
HEARD_SUFFIX = ".heard"
# A file a task, with a byte for everything of that kind that was done for it, whoever did it.
TRIED = "tried-"  # attempts
TICKS = "ticks-"  # what a scheduler started, in one file
CHARGED = "charged-"  # charges that took effect
LIFESPAN = "lifespan.json"  # of a web application: how long its start and its stop took
REFUSAL_SUFFIX = ".refusal"  # a producer's file: what the first send that raised in a phase said
ENQUEUE_SUFFIX = ".enqueue"  # SEND records of a web application: its calls within requests

PHASES = ("ready", "warmup", "gate", "load", "held")
KINDS = (
    "noop", "nap", "gate", "http", "pbkdf2", "spin", "parse", "digest", "carry", "flaky", "mark",
    "validate", "charge", "email", "inventory", "model", "own", "explode", "hang", "leave",
    "vanish",
)  # fmt: skip
OUTCOMES = ("ok", "failed")
OK, FAILED = map(OUTCOMES.index, OUTCOMES)  # as records have them
EVENTS = ("started", "succeeded")  # of a task, as every framework with a stream tells them

# A task carries its phase in the high bits of its sequence number, so that a worker's record
# needs no second field for it. 2**40 tasks a phase; the sum stays below 2**53 (JSON-safe).
PHASE_SHIFT = 40

KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}  # as records have them

CHUNK = 4096  # records that a file grows by


# What a file of each suffix holds.
HELD = {
    SEND_SUFFIX: SEND,
    ENQUEUE_SUFFIX: SEND,
    RUN_SUFFIX: RUN,
    IDENTITY_SUFFIX: IDENTITY,
    HEARD_SUFFIX: HEARD,
}


class Writer(Protocol):
    """Stores records of one suffix in a folder. ``pid``: that of the process they are of."""

    @property
    def pid(self) -> int: ...
    def write(self, a: int, b: int, c: int, d: int, e: int, f: int | None = None, /) -> None:
        """Store one record, of its five or six fields and the pid. Raises OSError."""


def marked(suffix: str) -> str:
    """The end of a record file's name, with the host in it where that is another."""
    host = os.environ.get(HOST_VARIABLE, "")
    return f"{HOST_SIGN}{host}{suffix}" if host else suffix


def halves(identity: str) -> tuple[int, int]:
    """Upper and lower 64 bits of a UUID."""
    return divmod(UUID(identity).int, 2**64)


def wire_seq(phase: str, seq: int) -> int:
    """The sequence number as it travels: phase and number in one integer."""
    return PHASES.index(phase) << PHASE_SHIFT | seq


NOWHERE = mmap.mmap(-1, 1)  # before the first record


class RecordWriter:
    """Stores records in one file a process; safe over fork and threads.

    Space is reserved in chunks, so that a full disk is an OSError here and not a SIGBUS at a later
    store. A forked child gets a file of its own at its first record.
    """

    def __init__(self, directory: Path, suffix: str) -> None:
        self._directory = directory
        self._suffix = marked(suffix)
        self._length = HELD[suffix].size
        self._pack_into = HELD[suffix].pack_into
        self._growing = threading.Lock()
        self._fd = -1
        self._reset()
        os.register_at_fork(after_in_child=self._forget)

    def _reset(self) -> None:
        self.pid = os.getpid()
        self._map = NOWHERE
        self._room = 0  # bytes of _map or fewer, whichever thread reads the two in this order
        self._places = itertools.count(step=self._length)  # next() is atomic: never shared

    def _forget(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1
        self._growing = threading.Lock()  # the parent's may be held by a thread that is not here
        self._reset()

    def _open(self) -> int:
        """A new file: two writers of one process, or of a pid that came again, never share one."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        names = (f"{self.pid}-{number}{self._suffix}" for number in itertools.count())
        path = next(p for name in names if not (p := self._directory / name).exists())
        return os.open(path, flags, 0o644)

    def _grow(self, place: int) -> None:
        """Make room for a record there; raises OSError when the disk is full."""
        chunk = CHUNK * self._length
        with self._growing:
            if self._fd < 0:
                self._fd = self._open()
            while self._room <= place:
                os.posix_fallocate(self._fd, self._room, chunk)
                self._map = mmap.mmap(self._fd, self._room + chunk)
                self._room += chunk

    def write(self, a: int, b: int, c: int, d: int, e: int, f: int | None = None, /) -> None:
        """The fields are spelt out: passing on a tuple of them takes two thirds as long again, in
        the worker, for every task.
        """
        place = next(self._places)
        if place >= self._room:
            self._grow(place)
        if f is None:
            self._pack_into(self._map, place, a, b, c, d, e, self.pid)
        else:
            self._pack_into(self._map, place, a, b, c, d, e, f, self.pid)


class AppendingWriter:
    """Stores the records of processes that live for one task each as their parent's, in one file.

    Each by one append of its own, which the kernel keeps apart: what a process reserves for itself
    would be thousands of records for the one that it has.
    """

    def __init__(self, directory: Path, suffix: str) -> None:
        self._directory = directory
        self._suffix = marked(suffix)
        self._pack = HELD[suffix].pack

    @property
    def pid(self) -> int:
        return os.getppid()

    def write(self, *fields: int | None) -> None:
        path = self._directory / f"{self.pid}-forks{self._suffix}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            os.write(file, self._pack(*fields, self.pid))
        finally:
            os.close(file)
