"""The load generator: ``python -m tasks.load SHARD`` sends what it is told to.

Reads one phase command a line on standard input, answers one line on standard output when the
phase is sent. A producer connects once, with the first command, and keeps its connections and its
event loop until the last: what opens a connection within a measured load measures that.
"""

import asyncio
import inspect
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from tasks.adapter import AsyncProducer, SyncProducer, load_adapter
from tasks.records import IDENTITY_SUFFIX, SEND_SUFFIX, RecordWriter
from tasks.sending import SendLog, drive_async, drive_sync, now
from tasks.spec import Phase, Spec, read_spec
from tasks.timer import make_timer
from tasks.web_client import WebClient


@contextmanager
def in_real_time(*, wanted: bool) -> Iterator[bool]:
    """Run at once when it is time, whoever else wants the core; whether the system let us.

    A generator that waits for a core behind the workers it loads is late, and that counts as their
    latency. Niceness would not do: it works within a session only (autogroups). An open loop alone
    is run so; a closed one would take all it can get.
    """
    try:
        if wanted:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:  # root may, and whoever has the right
        wanted = False
    try:
        yield wanted
    finally:
        if wanted:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


class Generator:
    """One producer and its records; ``serve`` carries commands out until there are no more."""

    def __init__(self, spec: Spec, producer: SyncProducer | AsyncProducer, shard: int) -> None:
        records = Path(spec.records)
        self.producer = producer
        self.shard = shard
        self._records = records
        self._writer = RecordWriter(records, SEND_SUFFIX)
        events = spec.wants.get("events")
        self._identities = RecordWriter(records, IDENTITY_SUFFIX) if events else None

    def begin(self) -> SendLog:
        """A log for the phase that is sent next."""
        log = SendLog(self._records, self._writer, self._identities)
        log.begun = now()
        return log

    def serve(self) -> None:
        """Connect with the first command, disconnect after the last."""
        if inspect.iscoroutinefunction(self.producer.send):
            producer = cast("AsyncProducer", self.producer)
            with asyncio.Runner(loop_factory=producer.loop_factory) as runner:
                runner.run(self._serve_async(producer))
        else:
            self._serve_sync(cast("SyncProducer", self.producer))

    def _serve_sync(self, producer: SyncProducer) -> None:
        opened = False
        for line in sys.stdin:
            if not opened:
                producer.open()
                opened = True
            phase = Phase(**json.loads(line))
            with in_real_time(wanted=phase.real_time) as real_time:
                log = self.begin()
                drive_sync(producer, phase, self.shard, log)
            sent(phase, log, real_time=real_time)
        if opened:
            producer.close()

    async def _serve_async(self, producer: AsyncProducer) -> None:
        """The loop runs between commands too, so that connections live as in a service."""
        opened, timer = False, make_timer()
        while line := await asyncio.to_thread(sys.stdin.readline):
            if not opened:
                await producer.open()
                opened = True
            phase = Phase(**json.loads(line))
            with in_real_time(wanted=phase.real_time) as real_time:
                log = self.begin()
                await drive_async(producer, phase, self.shard, log, timer)
            sent(phase, log, real_time=real_time)
        timer.close()
        if opened:
            await producer.close()


def reply(**fields: Any) -> None:
    print(json.dumps(fields), flush=True)


def sent(phase: Phase, log: SendLog, *, real_time: bool) -> None:
    """Say what came of a phase."""
    seconds = (now() - log.begun) / 1e9
    reply(phase=phase.phase, sent=log.sent, failed=log.failed, seconds=seconds, real_time=real_time)


def main() -> None:
    spec = read_spec()
    producer = WebClient(spec.web) if spec.web else load_adapter(spec).producer(spec)
    generator = Generator(spec, producer, int(sys.argv[1]))
    reply(ready=True)
    generator.serve()


if __name__ == "__main__":
    main()
