"""A producer connects once, with the first command, and keeps its loop until the last."""

import asyncio
import json
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tasks.load import Generator
from tasks.spec import Phase, Spec


class Blocking:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def open(self) -> None:
        self.seen.append("open")

    def send(self, *_: Any) -> None:
        self.seen.append("send")

    def close(self) -> None:
        self.seen.append("close")


class Recommended(asyncio.SelectorEventLoop):
    """The loop that a framework recommends."""


class Awaiting:
    """The same as coroutines, and on which loop."""

    loop_factory = Recommended

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.loops = set[asyncio.AbstractEventLoop]()

    async def open(self) -> None:
        self.note("open")

    async def send(self, *_: Any) -> None:
        self.note("send")

    async def close(self) -> None:
        self.note("close")

    def note(self, what: str) -> None:
        self.seen.append(what)
        self.loops.add(asyncio.get_running_loop())


@pytest.mark.parametrize("kind", [Blocking, Awaiting])
def test_one_connection_lasts_from_the_warm_up_to_the_end_of_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Blocking | Awaiting]
) -> None:
    phases = [Phase("warmup", "noop", count=2), Phase("load", "noop", first=2, count=3)]
    lines = "".join(f"{json.dumps(asdict(phase))}\n" for phase in phases)
    monkeypatch.setattr("sys.stdin", StringIO(lines))
    spec = Spec("stub", "stub", "", "matched", "latency", str(tmp_path))
    producer: Any = kind()
    Generator(spec, producer, 0).serve()
    assert producer.seen == ["open", *["send"] * 5, "close"]
    if isinstance(producer, Awaiting):
        (loop,) = producer.loops
        assert isinstance(loop, Recommended)
