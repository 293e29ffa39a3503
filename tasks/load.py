"""The load generator: ``python -m tasks.load SHARD`` sends what it is told to.

Reads one phase command a line on standard input, answers one line on standard output when the
phase is sent. Open loop: a task is sent at its intended time, or at once when that has passed;
the lateness stays visible as ``send - intended``. When n producers share a schedule, shard k sends
tasks k, k+n, k+2n …
"""

import asyncio
import inspect
import json
import os
import selectors
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

from tasks.adapter import AsyncProducer, SyncProducer, load_adapter
from tasks.payloads import make
from tasks.records import (
    CALL,
    IDENTITY,
    IDENTITY_SUFFIX,
    KINDS,
    OUTCOMES,
    REFUSAL_SUFFIX,
    SEND_SUFFIX,
    RecordWriter,
    halves,
    pack_send,
    wire_seq,
)
from tasks.spec import Phase, read_spec
from tasks.web_client import WebClient

OK = OUTCOMES.index("ok")
FAILED = OUTCOMES.index("failed")

now = time.monotonic_ns


class SendLog:
    """Writes SEND records and counts them; the first failed send's traceback is logged, and what
    it said is left in a file.

    ``begun`` and ``ended`` (ns) enclose the sending, without opening and closing connections.
    """

    def __init__(
        self, records: Path, writer: RecordWriter, identities: RecordWriter | None
    ) -> None:
        self.records = records
        self._writer = writer
        self._identities = identities  # where events are told by the framework's own ids
        self.sent = 0
        self.failed = 0
        self.begun = 0
        self.ended = 0

    def identify(self, seq: int, identity: str | None) -> None:
        """Keep the id that the framework gave a task, where somebody will ask for it."""
        if self._identities is not None and identity is not None:
            pid = self._identities.pid
            self._identities.write(IDENTITY.pack(seq, *halves(identity), 0, 0, pid))

    def write(self, seq: int, kind: str, intended: int, send: int, ack: int, outcome: int) -> None:
        self._writer.write(pack_send(seq, kind, intended, send, ack, outcome, self._writer.pid))
        self.sent += 1
        if outcome == FAILED:
            self.failed += 1
            if self.failed == 1:
                traceback.print_exc()
                said = f"{type(error := sys.exception()).__name__}: {error}"
                (self.records / f"{self._writer.pid}{REFUSAL_SUFFIX}").write_text(
                    said, errors="replace"
                )


class Call(NamedTuple):
    """One enqueue call to be. ``seq`` as it travels; ``intended`` in ns, 0 in a closed loop."""

    seq: int
    intended: int
    kind: str
    arg: Any
    queue: str = ""
    delay_s: float = 0.0


def calls_of(phase: Phase, shard: int, records: Path) -> Iterator[Call]:
    """This shard's calls, in order: those of the schedule, or ``count`` equal ones."""
    if not phase.schedule:
        arg = [phase.payload, make(phase.payload, records)] if phase.payload else phase.arg
        for index in range(phase.count):
            seq = wire_seq(phase.phase, phase.first + index * phase.steps)
            yield Call(seq, 0, phase.kind, arg)
        return
    planned = list(CALL.iter_unpack(Path(phase.schedule).read_bytes()))
    for index in range(shard, len(planned), phase.shards):
        offset, arg, kind, queue, delay_ms = planned[index]
        yield Call(
            wire_seq(phase.phase, phase.first + index * phase.steps),
            phase.start_ns + offset if phase.paced else 0,
            KINDS[kind], arg, phase.queues[queue] if phase.queues else "", delay_ms / 1e3,
        )  # fmt: skip


def send_sync(producer: SyncProducer, call: Call, log: SendLog) -> None:
    seq, intended, kind, arg, queue, delay_s = call
    send = now()
    try:
        identity = producer.send(seq, kind, arg, queue, delay_s)
    except Exception:  # noqa: BLE001  a refused send is data, the host judges it
        log.write(seq, kind, intended or send, send, now(), FAILED)
    else:
        log.write(seq, kind, intended or send, send, now(), OK)
        log.identify(seq, identity)


def send_virtual(producer: SyncProducer, calls: Iterator[Call], log: SendLog) -> None:
    """The stub's virtual time: the send is the intended time, which travels as argument."""
    for seq, intended, kind, *_ in calls:
        producer.send(seq, kind, intended)
        log.write(seq, kind, intended, intended, intended, OK)


def drive_sync(producer: SyncProducer, phase: Phase, shard: int, log: SendLog) -> None:
    """Send a phase by blocking calls."""
    calls = calls_of(phase, shard, log.records)
    if phase.virtual:
        send_virtual(producer, calls, log)
    elif phase.bare:
        for call in calls:
            producer.send(call.seq, call.kind, call.arg)
    else:
        for call in calls:
            ahead = call.intended - now()
            if ahead > 0:
                time.sleep(ahead / 1e9)
            send_sync(producer, call, log)


async def send_async(producer: AsyncProducer, call: Call, log: SendLog) -> None:
    seq, intended, kind, arg, queue, delay_s = call
    send = now()
    try:
        identity = await producer.send(seq, kind, arg, queue, delay_s)
    except Exception:  # noqa: BLE001  as in send_sync
        log.write(seq, kind, intended or send, send, now(), FAILED)
    else:
        log.write(seq, kind, intended or send, send, now(), OK)
        log.identify(seq, identity)


async def drive_async(producer: AsyncProducer, phase: Phase, shard: int, log: SendLog) -> None:
    """Send a phase by coroutines: at their time side by side, or each after the other."""
    calls = calls_of(phase, shard, log.records)
    if phase.paced:
        async with asyncio.TaskGroup() as group:
            for call in calls:
                ahead = call.intended - now()
                if ahead > 0:
                    await asyncio.sleep(ahead / 1e9)
                group.create_task(send_async(producer, call, log))
                await asyncio.sleep(0)  # a late generator must still let its sends leave
    elif phase.bare:
        for call in calls:
            await producer.send(call.seq, call.kind, call.arg)
    else:
        for call in calls:
            await send_async(producer, call, log)


def precise_loop() -> asyncio.AbstractEventLoop:
    """An event loop with microsecond timers.

    epoll and libuv round a timer up to whole milliseconds, which would show as up to 1 ms of
    generator lag; select() takes microseconds.
    """
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def run_sync(producer: SyncProducer, phase: Phase, shard: int, log: SendLog) -> None:
    producer.open()
    try:
        log.begun = now()
        drive_sync(producer, phase, shard, log)
        log.ended = now()
    finally:
        producer.close()


async def run_async(producer: AsyncProducer, phase: Phase, shard: int, log: SendLog) -> None:
    await producer.open()
    try:
        log.begun = now()
        await drive_async(producer, phase, shard, log)
        log.ended = now()
    finally:
        await producer.close()


def run_phase(
    producer: SyncProducer | AsyncProducer, phase: Phase, shard: int, log: SendLog
) -> None:
    """Carry out one command on whichever kind of producer the framework has."""
    if not inspect.iscoroutinefunction(producer.send):
        run_sync(cast("SyncProducer", producer), phase, shard, log)
        return
    awaiting = cast("AsyncProducer", producer)
    factory = precise_loop if phase.paced else awaiting.loop_factory
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run_async(awaiting, phase, shard, log))


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


def reply(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


def main() -> None:
    shard = int(sys.argv[1])
    spec = read_spec()
    producer = WebClient(spec.web) if spec.web else load_adapter(spec).producer(spec)
    records = Path(spec.records)
    writer = RecordWriter(records, SEND_SUFFIX)
    identities = RecordWriter(records, IDENTITY_SUFFIX) if spec.wants.get("events") else None
    reply(ready=True)
    for line in sys.stdin:
        phase = Phase(**json.loads(line))
        log = SendLog(records, writer, identities)
        with in_real_time(wanted=phase.real_time) as real_time:
            run_phase(producer, phase, shard, log)
        seconds = (log.ended - log.begun) / 1e9
        reply(
            phase=phase.phase, sent=log.sent, failed=log.failed, seconds=seconds,
            real_time=real_time,
        )  # fmt: skip


if __name__ == "__main__":
    main()
