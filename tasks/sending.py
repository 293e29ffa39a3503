"""Sending the calls of a phase through a framework's producer, and recording each.

Open loop: a task is sent at its intended time, or at once when that has passed; the lateness stays
visible as ``send - intended``. When n producers share a schedule, shard k sends tasks k, k+n, k+2n.
"""

import asyncio
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, cast

from tasks.adapter import AsyncCaller, AsyncProducer, SyncCaller, SyncProducer
from tasks.own import argument
from tasks.payloads import make
from tasks.records import (
    CALL,
    FAILED,
    KIND_NUMBERS,
    KINDS,
    OK,
    REFUSAL_SUFFIX,
    RecordWriter,
    halves,
    wire_seq,
)
from tasks.spec import Phase
from tasks.timer import RoundedTimer, Timer

now = time.monotonic_ns


class SendLog:
    """Writes SEND records and counts them; the first failed send's traceback is logged, and what
    it said is left in a file.

    ``begun``: when the sending did, ns.
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

    def identify(self, seq: int, identity: str | None) -> None:
        """Keep the id that the framework gave a task, where somebody will ask for it."""
        if self._identities is not None and identity is not None:
            self._identities.write(seq, *halves(identity), 0, 0)

    def write_group(self, call: "Call", members: int, send: int, outcome: int) -> None:
        """All of a group, and what follows it, were sent by one call that ends now."""
        ack = now()
        for seq in range(call.seq, call.seq + members + 1):
            self.write(seq, call.kind, send, send, ack, outcome)

    def write(self, seq: int, kind: str, intended: int, send: int, ack: int, outcome: int) -> None:
        self._writer.write(seq, intended, send, ack, KIND_NUMBERS[kind], outcome)
        self.sent += 1
        if outcome == FAILED:
            self.failed += 1
            if self.failed == 1:
                traceback.print_exc()
                said = f"{type(error := sys.exception()).__name__}: {error}"
                (self.records / f"{self._writer.pid}{REFUSAL_SUFFIX}").write_text(
                    said, errors="replace"
                )

    def of_caller(self) -> "SendLog":
        """One that counts for itself, since threads that count together miscount."""
        return SendLog(self.records, self._writer, self._identities)

    def add(self, logs: Iterable["SendLog"]) -> None:
        """Count what these have counted."""
        for own in logs:
            self.sent += own.sent
            self.failed += own.failed


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
            KINDS[kind],
            argument(arg) if KINDS[kind] == "own" else arg,
            phase.queues[queue] if phase.queues else "",
            delay_ms / 1e3,
        )


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


def send_group_sync(producer: Any, call: Call, members: int, log: SendLog) -> None:
    """A group by one call (``tasks.adapter.SyncGroups``), a record for each of its tasks."""
    send = now()
    try:
        producer.send_group(call.seq, members)
    except Exception:  # noqa: BLE001  as in send_sync
        log.write_group(call, members, send, FAILED)
    else:
        log.write_group(call, members, send, OK)


async def send_group_async(producer: Any, call: Call, members: int, log: SendLog) -> None:
    """The same by a coroutine."""
    send = now()
    try:
        await producer.send_group(call.seq, members)
    except Exception:  # noqa: BLE001  as in send_sync
        log.write_group(call, members, send, FAILED)
    else:
        log.write_group(call, members, send, OK)


def send_virtual(producer: SyncProducer, calls: Iterator[Call], log: SendLog) -> None:
    """The stub's virtual time: the send is the intended time, which travels as argument."""
    for seq, intended, kind, *_ in calls:
        producer.send(seq, kind, intended)
        log.write(seq, kind, intended, intended, intended, OK)


def call_sync(producer: SyncCaller, calls: Iterable[Call], log: SendLog) -> None:
    """One caller: each call after the result of the one before it."""
    for seq, _, kind, arg, *_ in calls:
        send = now()
        try:
            expect(seq, producer.call(seq, kind, arg))
        except Exception:  # noqa: BLE001  as in send_sync
            log.write(seq, kind, send, send, now(), FAILED)
        else:
            log.write(seq, kind, send, send, now(), OK)


def expect(seq: int, result: Any) -> None:
    """Raises ValueError unless the result is that of the task."""
    if result != seq:
        raise ValueError(f"the result of task {seq} is {result!r}, expected its number")


def drive_callers(producer: SyncCaller, phase: Phase, log: SendLog) -> None:
    """Callers in threads, each with its share of the calls."""
    calls = list(calls_of(phase, 0, log.records))
    logs = [log.of_caller() for _ in range(phase.callers)]
    with ThreadPoolExecutor(phase.callers) as threads:
        done = [
            threads.submit(call_sync, producer, calls[number :: phase.callers], own)
            for number, own in enumerate(logs)
        ]
    for each in done:
        each.result()
    log.add(logs)


async def call_async(producer: AsyncCaller, calls: Iterable[Call], log: SendLog) -> None:
    for seq, _, kind, arg, *_ in calls:
        send = now()
        try:
            expect(seq, await producer.call(seq, kind, arg))
        except Exception:  # noqa: BLE001  as in send_sync
            log.write(seq, kind, send, send, now(), FAILED)
        else:
            log.write(seq, kind, send, send, now(), OK)


async def drive_callers_async(producer: AsyncCaller, phase: Phase, log: SendLog) -> None:
    """Callers as coroutines."""
    calls = list(calls_of(phase, 0, log.records))
    async with asyncio.TaskGroup() as group:
        for number in range(phase.callers):
            group.create_task(call_async(producer, calls[number :: phase.callers], log))


def drive_sync(producer: SyncProducer, phase: Phase, shard: int, log: SendLog) -> None:
    """Send a phase by blocking calls."""
    calls = calls_of(phase, shard, log.records)
    if phase.callers:
        drive_callers(cast("SyncCaller", producer), phase, log)
    elif phase.virtual:
        send_virtual(producer, calls, log)
    elif phase.group:
        for call in calls:
            send_group_sync(producer, call, phase.group, log)
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


async def drive_async(
    producer: AsyncProducer, phase: Phase, shard: int, log: SendLog, timer: Timer | RoundedTimer
) -> None:
    """Send a phase by coroutines: at their time side by side, or each after the other."""
    calls = calls_of(phase, shard, log.records)
    if phase.callers:
        await drive_callers_async(cast("AsyncCaller", producer), phase, log)
    elif phase.paced:
        async with asyncio.TaskGroup() as group:
            for call in calls:
                if call.intended > now():
                    await timer.until(call.intended)
                group.create_task(send_async(producer, call, log))
                await asyncio.sleep(0)  # a late generator must still let its sends leave
    elif phase.group:
        for call in calls:
            await send_group_async(producer, call, phase.group, log)
    elif phase.bare:
        for call in calls:
            await producer.send(call.seq, call.kind, call.arg)
    else:
        for call in calls:
            await send_async(producer, call, log)
