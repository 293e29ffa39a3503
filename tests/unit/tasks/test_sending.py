"""Callers: each sends its next task when it has the result of the one before."""

import asyncio
import inspect
import threading
from pathlib import Path
from typing import Any

import pytest

from harness.measure.records import Records
from tasks.records import SEND_SUFFIX, RecordWriter
from tasks.sending import SendLog, drive_async, drive_sync
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
    if not inspect.iscoroutinefunction(producer.call):
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
