"""Sending a task from inside a task, by the framework's own call, and recording it as a send."""

import time
from typing import Any

from tasks.records import FAILED, KIND_NUMBERS, OK, Writer


class Onward:
    """What bodies send with. ``producer``: the adapter's, as ``tasks.adapter`` has it."""

    def __init__(self, producer: Any, writer: Writer) -> None:
        self._producer = producer
        self._writer = writer

    def send(self, seq: int, kind: str, arg: Any) -> None:
        """By a blocking call; what it raises passes on, the record says failed."""
        begin, outcome = time.monotonic_ns(), FAILED
        try:
            self._producer.send(seq, kind, arg)
            outcome = OK
        finally:
            self._record(seq, kind, begin, outcome)

    async def send_async(self, seq: int, kind: str, arg: Any) -> None:
        """By a coroutine."""
        begin, outcome = time.monotonic_ns(), FAILED
        try:
            await self._producer.send(seq, kind, arg)
            outcome = OK
        finally:
            self._record(seq, kind, begin, outcome)

    def _record(self, seq: int, kind: str, begin: int, outcome: int) -> None:
        """Nobody had planned it before: its intended time is that of the call."""
        end = time.monotonic_ns()
        self._writer.write(seq, begin, begin, end, KIND_NUMBERS[kind], outcome)
