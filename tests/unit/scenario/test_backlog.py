"""What a drain is measured by."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.accounting import account
from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.measure.sampler import Usage
from harness.measure.turns import Turn
from harness.scenario.backlog import drain_metrics, turn_metrics
from tests.unit.measure.made import queue

MS = 1_000_000


def test_what_idle_workers_would_take_is_not_taken_off_a_drain() -> None:
    """Half a second of CPU for 1,000 tasks, of workers that take 0.2 cores where nothing is there:
    they do not poll an empty queue while they drain a full one.
    """

    def seen(at_s: int, cpu_s: float) -> dict[str, Usage]:
        return {"workers": Usage(at_s * 10**9, "workers", 1, cpu_s, None, None)}

    drained = queue([0.1 * n for n in range(1000)], 1.0)
    window = SimpleNamespace(before=seen(0, 1.0), after=seen(2, 1.5))
    run: Any = SimpleNamespace(
        windows={"load": window},
        idle={"workers": 0.2},
        topology=SimpleNamespace(slots=1),
        marks={"opened": 0},
    )
    found = {m.name: m.value for m in drain_metrics(run, drained, account(drained))}
    assert found["workers_cpu_per_task"] == pytest.approx(500)
    assert found["drain_rate"] == pytest.approx(1000, rel=0.01)


def drained_in(turns: Sequence[Turn], until_ms: int, since_ms: int = 0) -> dict[str, float]:
    """Figures of an arm that ends a task per ms of its turns, from then on until it has no more."""
    every = np.concatenate([np.arange(turn.begin + MS // 2, turn.end, MS) for turn in turns])
    ends = every[(every >= since_ms * MS) & (every < until_ms * MS)]
    runs = np.zeros(len(ends), RUN_TYPE)
    runs["start"], runs["end"] = ends - 1, ends
    partner = SimpleNamespace(settle_ns=0, cores=0, window_s=0.1)
    run: Any = SimpleNamespace(turns={"load": turns, "enqueue": []}, partner=partner)
    records = Records(np.zeros(0, SEND_TYPE), runs)
    return {m.name: m.value for m in turn_metrics(run, records)}


def test_the_turn_in_which_an_arm_ran_out_of_tasks_is_in_no_figure() -> None:
    """Its backlog is done 20 ms into the last turn, and nobody notices for 80 ms."""
    turns = [Turn(n * MS, (n + 100) * MS, {"workers": 0.05}) for n in (0, 200, 400)]
    found = drained_in([*turns, Turn(600 * MS, 700 * MS, {"workers": 0.03})], 620)
    assert found["drain_rate"] == pytest.approx(1000)
    assert found["workers_cpu_per_task"] == pytest.approx(500)
    assert found["turns"] == 2  # a tenth had ended in the first


def test_the_turns_that_workers_sleep_through_at_first_are_in_no_figure() -> None:
    """Nothing ends in the first two, and at half the rate in the third."""
    turns = [Turn(200 * n * MS, (200 * n + 100) * MS, {"workers": 0.05}) for n in range(12)]
    asleep = [Turn(turn.begin, turn.end, {"workers": 0.001}) for turn in turns[:2]]
    found = drained_in([*asleep, *turns[2:]], 3000, since_ms=450)
    assert found["drain_rate"] == pytest.approx(1000)
    assert found["workers_cpu_per_task"] == pytest.approx(500)


def test_an_arm_that_had_one_turn_has_that_one() -> None:
    found = drained_in([Turn(0, 100 * MS, {"workers": 0.05})], 50)
    assert found["drain_rate"] == pytest.approx(500)
