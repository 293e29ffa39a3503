"""What a drain is measured by."""

from types import SimpleNamespace
from typing import Any

import pytest

from harness.measure.accounting import account
from harness.measure.sampler import Usage
from harness.scenario.backlog import drain_metrics
from tests.unit.measure.made import queue


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
