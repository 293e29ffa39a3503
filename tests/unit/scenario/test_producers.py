"""What producers are told, and what is waited for."""

import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.layouts import CALL_TYPE, calls, kind_number
from harness.scenario.producers import Producers
from infrastructure.errors import TrialFailed
from tasks.spec import Phase

SAID = {"sent": 9, "failed": 2, "seconds": 1.5, "real_time": True}


def producer(*, alive: bool = True) -> Any:
    process = SimpleNamespace(stdin=StringIO())
    return SimpleNamespace(process=process, alive=lambda: alive, died=lambda: "it ended")


def made(folder: Path, *children: Any) -> Producers:
    def hear(child: Any, _seconds: float) -> dict[str, Any]:
        return {"phase": told(child).phase, **SAID}

    processes: Any = SimpleNamespace(hear=hear)
    return Producers(children, folder, processes)


def told(child: Any) -> Phase:
    """The last phase that a producer was told to send."""
    return Phase(**json.loads(child.process.stdin.getvalue().splitlines()[-1]))


@pytest.mark.parametrize(("phase", "awaited"), [("warmup", 7), ("load", 9)])
def test_nobody_waits_for_warm_up_tasks_whose_send_raised(
    tmp_path: Path, phase: str, awaited: int
) -> None:
    producers = made(tmp_path, producer())
    assert producers.send(phase, "noop", 9) == 1.5
    assert producers.issued == {phase: awaited}


def test_tasks_of_a_phase_are_numbered_through(tmp_path: Path) -> None:
    one = producer()
    producers = made(tmp_path, one)
    producers.send("load", "noop", 9)
    producers.send("load", "nap", 4, 20_000)
    assert (told(one).first, told(one).count, told(one).arg) == (9, 4, 20_000)
    producers.send("warmup", "noop", 1)
    assert told(one).first == 0


def test_naps_are_noted_by_the_number_of_their_task(tmp_path: Path) -> None:
    producers = made(tmp_path, producer())
    producers.send("ready", "nap", 2, 20_000)
    mixed = calls(3, "nap", 5_000)
    mixed["kind"][1] = kind_number("noop")
    producers.send_calls("load", mixed)
    assert producers.naps == {"ready": {0: 20_000, 1: 20_000}, "load": {0: 5_000, 2: 5_000}}


def test_a_schedule_is_shared_and_its_calls_are_kept(tmp_path: Path) -> None:
    several = [producer(), producer()]
    producers = made(tmp_path, *several)
    load = calls(6, "noop", offsets_ns=np.arange(6))
    begun: list[str] = []
    producers.send_schedule("load", load, meanwhile=lambda: begun.append("now"), steps=4)
    for child in several:
        phase = told(child)
        assert (phase.paced, phase.real_time, phase.shards, phase.steps) == (True, True, 2, 4)
        assert np.fromfile(phase.schedule, CALL_TYPE).tolist() == load.tolist()
    assert producers.calls["load"] is load
    assert producers.issued["load"] == 4 * 18
    assert producers.real_time == "yes"
    assert begun == ["now"]


def test_virtual_time_takes_one_producer_and_no_core(tmp_path: Path) -> None:
    first, second = producer(), producer()
    producers = made(tmp_path, first, second)
    producers.send_schedule("load", calls(6, offsets_ns=np.arange(6)), virtual=True)
    assert second.process.stdin.getvalue() == ""
    assert (told(first).virtual, told(first).real_time, told(first).shards) == (True, False, 1)
    assert producers.real_time == "no open loop"


def test_a_producer_that_has_ended_is_not_told_anything(tmp_path: Path) -> None:
    producers = made(tmp_path, producer(alive=False))
    with pytest.raises(TrialFailed, match="it ended"):
        producers.send("load", "noop", 9)


def test_callers_are_told_to_one_producer(tmp_path: Path) -> None:
    several = [producer(), producer()]
    producers = made(tmp_path, *several)
    assert producers.call("load", "noop", 50, callers=5) == 1.5
    assert (told(several[0]).count, told(several[0]).callers) == (50, 5)
    assert several[1].process.stdin.getvalue() == ""
    assert producers.issued["load"] == 9  # as the producer says


def test_a_schedule_names_its_queues(tmp_path: Path) -> None:
    one = producer()
    made(tmp_path, one).send_schedule("load", calls(3), queues=("default", "q2"))
    assert list(told(one).queues) == ["default", "q2"]
