"""What is sent is what was planned, each at its time, with stamps of when it was.

Callers: each sends its next task when it has the result of the one before.
"""

import asyncio
import inspect
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.measure.layouts import calls
from harness.measure.records import Records
from tasks.records import SEND_SUFFIX, RecordWriter
from tasks.sending import SendLog, calls_of, drive_async, drive_sync, now
from tasks.spec import Phase
from tasks.timer import make_timer


class Busy:
    """Counts calls in progress; ``wrong``: the answer to the task of this number."""

    loop_factory = None

    def __init__(self, wrong: int = -1) -> None:
        self.wrong = wrong
        self.now = self.most = 0
        self._lock = threading.Lock()

    def begin(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def end(self, seq: int) -> int:
        with self._lock:
            self.now -= 1
        return 0 if seq & 0xFFFF == self.wrong else seq


class Threads(Busy):
    def call(self, seq: int, _kind: str, _arg: Any) -> int:
        self.begin()
        threading.Event().wait(0.02)  # longer than it takes to start all threads
        return self.end(seq)


class Coroutines(Busy):
    async def call(self, seq: int, _kind: str, _arg: Any) -> int:
        self.begin()
        await asyncio.sleep(0.002)
        return self.end(seq)


def log_in(folder: Path) -> SendLog:
    return SendLog(folder, RecordWriter(folder, SEND_SUFFIX), None)


def drive(producer: Any, phase: Phase, log: SendLog) -> None:
    if not inspect.iscoroutinefunction(getattr(producer, "call", None) or producer.send):
        drive_sync(producer, phase, 0, log)
        return

    async def run() -> None:
        await drive_async(producer, phase, 0, log, make_timer())

    asyncio.run(run())


@pytest.mark.parametrize("kind", [Threads, Coroutines])
def test_callers_wait_side_by_side_for_their_own_results(tmp_path: Path, kind: type[Busy]) -> None:
    producer, log = kind(), log_in(tmp_path)
    drive(producer, Phase("load", "noop", count=50, callers=5), log)
    sends = Records.read(tmp_path).sends
    assert (log.sent, log.failed, producer.now) == (50, 0, 0)
    assert producer.most == 5
    assert sorted(sends["seq"]) == list(range(50))
    assert (sends["ack"] - sends["send"]).min() >= 2_000_000


@pytest.mark.parametrize("kind", [Threads, Coroutines])
def test_another_result_than_the_task_s_own_is_a_failure(
    tmp_path: Path, kind: type[Busy], capsys: pytest.CaptureFixture[str]
) -> None:
    log = log_in(tmp_path)
    drive(kind(wrong=7), Phase("load", "noop", count=10, callers=2), log)
    records = Records.read(tmp_path)
    assert (log.sent, log.failed) == (10, 1)
    assert records.sends["seq"][records.sends["outcome"] != 0].tolist() == [7]
    assert "is 0, expected its number" in capsys.readouterr().err


def planned(folder: Path, offsets_ms: list[int], **more: Any) -> Phase:
    """A schedule of naps, whose arguments are 100 more than their places."""
    schedule = calls(len(offsets_ms), "nap", offsets_ns=1_000_000 * np.array(offsets_ms))
    schedule["arg"] = 100 + np.arange(len(offsets_ms))
    path = folder / "schedule"
    path.write_bytes(schedule.tobytes())
    return Phase("load", first=5, schedule=str(path), paced=True, **more)


def test_shards_send_the_whole_schedule_and_nothing_else(tmp_path: Path) -> None:
    offsets = list(range(0, 2010, 10))
    phase = planned(tmp_path, offsets, shards=3, start_ns=7)
    shards = [list(calls_of(phase, shard, tmp_path)) for shard in range(3)]
    assert [len(own) for own in shards] == [67, 67, 67]
    found = sorted(call for own in shards for call in own)
    assert [call.seq & 0xFFFF for call in found] == list(range(5, 206))
    assert [call.intended for call in found] == [7 + 1_000_000 * each for each in offsets]
    assert [(call.kind, call.arg) for call in found] == [("nap", 100 + n) for n in range(201)]


class Slow:
    """A send takes 20 ms, and blocks whoever sends."""

    loop_factory = None

    def send(self, *_: Any) -> None:
        threading.Event().wait(0.02)


class SlowCoroutine(Slow):
    """One send's 20 ms are no other's."""

    async def send(self, *_: Any) -> None:  # type: ignore[override]
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(("kind", "lag_ms"), [(Slow, 20), (SlowCoroutine, 0)])
def test_a_late_generator_does_not_hide_that_it_is_late(
    tmp_path: Path, kind: type[Slow], lag_ms: int
) -> None:
    """Three tasks are due at once. What is acknowledged has been sent by then."""
    start, log = now() + 30_000_000, log_in(tmp_path)
    drive(kind(), planned(tmp_path, [0, 0, 0, 500], start_ns=start), log)
    sends = Records.read(tmp_path).sends
    assert sends["seq"].tolist() == [5, 6, 7, 8]
    assert (sends["intended"] - start).tolist() == [0, 0, 0, 500_000_000]
    lags = (sends["send"] - sends["intended"]) / 1e6
    assert np.all(lags >= np.array([0, 1, 2, 0]) * lag_ms)
    assert (sends["ack"] - sends["send"]).min() >= 19_000_000
