"""The worker-side probe: stamps around the body, one record an attempt.

Adapters declare a task whose body is :meth:`Probe.run` or :meth:`Probe.run_async`; they add
nothing of their own between the framework and the probe.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tasks import bodies, work
from tasks.onward import Onward
from tasks.records import (
    FAILED,
    KIND_NUMBERS,
    OK,
    PHASE_SHIFT,
    PHASES,
    RUN_SUFFIX,
    SEND_SUFFIX,
    TICKS,
    AppendingWriter,
    RecordWriter,
    wire_seq,
)
from tasks.spec import Spec
from tasks.work import Site

LOAD = PHASES.index("load")
SILENT = 1

Settings = dict[str, Any]


class Probe:
    """Stamps tasks in a worker process and writes its effective settings once.

    ``read_back`` is called in every process before its first task; what it returns (as the
    running worker sees it, never as it was asked) goes to ``settings-PID.json``. ``producer``:
    what bodies send further tasks with, where the framework has it. ``forks``: the framework forks
    a process for every task; the first says for all what their parent's settings are.
    """

    def __init__(
        self, spec: Spec, read_back: Callable[[], Settings], producer: Any = None, *,
        forks: bool = False,
    ) -> None:  # fmt: skip
        records = self._records = Path(spec.records)
        self._forks = forks
        writers = AppendingWriter if forks else RecordWriter
        onward = None if producer is None else Onward(producer, writers(records, SEND_SUFFIX))
        self._site = Site(records, spec.api, onward)
        # Without the probe load tasks leave no record: how the harness measures what it costs.
        # "by arg": those with the argument SILENT, so that one worker does both in turn.
        self._silent = spec.options.get("probe", "on") != "on"
        self._by_arg = spec.options.get("probe") == "by arg"
        self._answers = "results" in spec.wants
        self._read_back = read_back
        self._writer = writers(records, RUN_SUFFIX)
        self._write = self._writer.write
        self._described = False
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._described = False

    def _describe(self) -> None:
        self._described = True
        pid = self._writer.pid
        if not (self._forks and settings_path(self._records, "task", pid).exists()):
            write_settings(self._records, "task", self._read_back(), pid)

    def run(self, seq: int, kind: str, arg: Any) -> int | None:
        """Execute the body of ``kind`` and record it; an exception passes on, kept as failed.

        Returns the task's number where results are wanted: the task's own result, then.
        """
        if not self._described:
            self._describe()
        body = bodies.SYNC[kind]
        if self._silent and self._leaves_none(seq, arg):
            body(self._site, seq, arg)
            return seq if self._answers else None
        outcome = FAILED
        start = time.monotonic_ns()
        try:
            body(self._site, seq, arg)
            outcome = OK
        finally:
            self.record(seq, start, time.monotonic_ns(), kind, outcome)
        return seq if self._answers else None

    async def run_async(self, seq: int, kind: str, arg: Any) -> int | None:
        """As :meth:`run`, for frameworks that execute coroutines."""
        if not self._described:
            self._describe()
        body = bodies.ASYNC[kind]
        if self._silent and self._leaves_none(seq, arg):
            await body(self._site, seq, arg)
            return seq if self._answers else None
        outcome = FAILED
        start = time.monotonic_ns()
        try:
            await body(self._site, seq, arg)
            outcome = OK
        finally:
            self.record(seq, start, time.monotonic_ns(), kind, outcome)
        return seq if self._answers else None

    def tick(self, *_given: Any, **_more: Any) -> None:
        """The body of what a scheduler starts: each tick is a task of the load with the next free
        number, whoever executes it.
        """
        self.run(self._next_tick(), "noop", 0)

    async def tick_async(self, *_given: Any, **_more: Any) -> None:
        """The same for frameworks that execute coroutines."""
        await self.run_async(self._next_tick(), "noop", 0)

    def _next_tick(self) -> int:
        return wire_seq("load", work.count_up(self._site, TICKS, 0) - 1)

    def _leaves_none(self, seq: int, arg: int) -> bool:
        return seq >> PHASE_SHIFT == LOAD and (not self._by_arg or arg == SILENT)

    def record(self, seq: int, start: int, end: int, kind: str, outcome: int) -> None:
        """Append one RUN record (stamps in ns)."""
        self._write(seq, start, end, KIND_NUMBERS[kind], outcome)


def note_ready(spec: Spec) -> None:
    """Store when this process was ready for tasks, as the framework understands it, under its pid.

    Adapters call it where the framework says so of itself; a framework may not.
    """
    path = Path(spec.records) / f"ready-{os.getpid()}"
    partial = path.with_suffix(".partial")
    partial.write_text(str(time.monotonic_ns()))
    partial.rename(path)


def settings_path(records: Path, source: str, pid: int) -> Path:
    return records / f"settings-{pid}-{source}.json"


def write_settings(records: Path, source: str, settings: Settings, pid: int | None = None) -> None:
    """Store what this process, or the one of that ``pid``, says of itself as
    ``settings-PID-SOURCE.json``.
    """
    pid = pid or os.getpid()
    known = {"pid": pid, "source": source, "python": sys.version.split()[0], **settings}
    path = settings_path(records, source, pid)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(known))
    partial.rename(path)
