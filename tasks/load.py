"""The load generator: ``python -m tasks.load SHARD`` sends what it is told to.

Reads one phase command a line on standard input, answers one line on standard output when the
phase is sent. Open loop: a task is sent at its intended time, or at once when that has passed;
the lateness stays visible as ``send - intended``. When n producers share a schedule, shard k sends
tasks k, k+n, k+2n …
"""

import array
import asyncio
import inspect
import json
import selectors
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from tasks.adapter import AsyncProducer, SyncProducer, load_adapter
from tasks.records import KINDS, OUTCOMES, SEND, SEND_SUFFIX, RecordWriter, wire_seq
from tasks.spec import Phase, read_spec

OK = OUTCOMES.index("ok")
FAILED = OUTCOMES.index("failed")

now = time.monotonic_ns


class SendLog:
    """Writes SEND records and counts them; the first failed send's traceback is logged.

    ``begun`` and ``ended`` (ns) enclose the sending, without opening and closing connections.
    """

    def __init__(self, writer: RecordWriter, kind: str) -> None:
        self._writer = writer
        self._kind = KINDS.index(kind)
        self.sent = 0
        self.failed = 0
        self.begun = 0
        self.ended = 0

    def write(self, seq: int, intended: int, send: int, ack: int, outcome: int) -> None:
        self._writer.write(
            SEND.pack(seq, intended, send, ack, self._kind, outcome, self._writer.pid)
        )
        self.sent += 1
        if outcome == FAILED:
            self.failed += 1
            if self.failed == 1:
                traceback.print_exc()


def read_schedule(path: str) -> array.array[int]:
    """Offsets in ns from the start of the phase, ascending."""
    offsets: array.array[int] = array.array("q")
    offsets.frombytes(Path(path).read_bytes())
    return offsets


def open_loop(phase: Phase, shard: int) -> Iterator[tuple[int, int]]:
    """Yield (wire sequence number, intended time in ns) of this shard's arrivals."""
    offsets = read_schedule(phase.schedule)
    for index in range(shard, len(offsets), phase.shards):
        yield wire_seq(phase.phase, phase.first + index), phase.start_ns + offsets[index]


def closed_loop(phase: Phase) -> Iterator[int]:
    """Yield the wire sequence numbers of ``count`` tasks."""
    for index in range(phase.count):
        yield wire_seq(phase.phase, phase.first + index)


def send_sync(producer: SyncProducer, phase: Phase, seq: int, intended: int, log: SendLog) -> None:
    send = now()
    try:
        producer.send(seq, phase.kind, phase.arg)
    except Exception:  # noqa: BLE001  a refused send is data, the host judges it
        log.write(seq, intended or send, send, now(), FAILED)
    else:
        log.write(seq, intended or send, send, now(), OK)


def send_virtual(
    producer: SyncProducer, phase: Phase, arrivals: Iterator[tuple[int, int]], log: SendLog
) -> None:
    """The stub's virtual time: the send is the intended time, which travels as argument."""
    for seq, intended in arrivals:
        producer.send(seq, phase.kind, intended)
        log.write(seq, intended, intended, intended, OK)


def drive_sync(producer: SyncProducer, phase: Phase, shard: int, log: SendLog) -> None:
    """Send a phase by blocking calls."""
    if phase.virtual:
        send_virtual(producer, phase, open_loop(phase, shard), log)
    elif phase.schedule:
        for seq, intended in open_loop(phase, shard):
            ahead = intended - now()
            if ahead > 0:
                time.sleep(ahead / 1e9)
            send_sync(producer, phase, seq, intended, log)
    elif phase.bare:
        for seq in closed_loop(phase):
            producer.send(seq, phase.kind, phase.arg)
    else:
        for seq in closed_loop(phase):
            send_sync(producer, phase, seq, 0, log)


async def send_async(
    producer: AsyncProducer, phase: Phase, seq: int, intended: int, log: SendLog
) -> None:
    send = now()
    try:
        await producer.send(seq, phase.kind, phase.arg)
    except Exception:  # noqa: BLE001  as in send_sync
        log.write(seq, intended or send, send, now(), FAILED)
    else:
        log.write(seq, intended or send, send, now(), OK)


async def drive_async(producer: AsyncProducer, phase: Phase, shard: int, log: SendLog) -> None:
    """Send a phase by coroutines: at their time side by side, or each after the other."""
    if phase.schedule:
        async with asyncio.TaskGroup() as group:
            for seq, intended in open_loop(phase, shard):
                ahead = intended - now()
                if ahead > 0:
                    await asyncio.sleep(ahead / 1e9)
                group.create_task(send_async(producer, phase, seq, intended, log))
                await asyncio.sleep(0)  # a late generator must still let its sends leave
    elif phase.bare:
        for seq in closed_loop(phase):
            await producer.send(seq, phase.kind, phase.arg)
    else:
        for seq in closed_loop(phase):
            await send_async(producer, phase, seq, 0, log)


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
    factory = precise_loop if phase.schedule else awaiting.loop_factory
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run_async(awaiting, phase, shard, log))


def reply(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


def main() -> None:
    shard = int(sys.argv[1])
    spec = read_spec()
    producer = load_adapter(spec.framework).producer(spec)
    writer = RecordWriter(Path(spec.records), SEND_SUFFIX)
    reply(ready=True)
    for line in sys.stdin:
        phase = Phase(**json.loads(line))
        log = SendLog(writer, phase.kind)
        run_phase(producer, phase, shard, log)
        seconds = (log.ended - log.begun) / 1e9
        reply(phase=phase.phase, sent=log.sent, failed=log.failed, seconds=seconds)


if __name__ == "__main__":
    main()
