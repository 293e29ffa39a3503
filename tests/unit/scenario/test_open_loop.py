"""Schedules of an open loop."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.sampler import Usage
from harness.measure.turns import Turn
from harness.scenario.open_loop import constant, cpu_figures, poisson, segments
from tests.unit.measure.made import MS


def test_schedules_are_arithmetic() -> None:
    assert constant(500, 3).tolist() == [0, 2 * MS, 4 * MS]
    first, again = (poisson(100, 10_000, np.random.default_rng(5)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert np.mean(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)
    assert np.std(np.diff(first)) == pytest.approx(10 * MS, rel=0.05)


def test_a_schedule_in_segments_is_the_same_schedule() -> None:
    offsets = poisson(500.0, 2000, np.random.default_rng(3))
    parts = list(segments(offsets, 1.0))
    assert all(part[0] >= 0 and part[-1] < 10**9 for part in parts)
    whole = np.concatenate([part + n * 10**9 for n, part in enumerate(parts)])
    assert whole.tolist() == offsets.tolist()
    (alone,) = segments(offsets, 0.0)
    assert alone is offsets


@pytest.mark.parametrize("turns", [{}, {"load": [Turn(0, 2 * 10**9, {"workers": 0.5})]}])
def test_a_low_load_has_its_cpu_with_and_without_polling(turns: dict[str, Any]) -> None:
    """Half a second of CPU in two seconds, of which idle workers would have taken 0.4."""

    def seen(at_s: int, cpu_s: float) -> dict[str, Usage]:
        return {"workers": Usage(at_s * 10**9, "workers", 1, cpu_s, None, None)}

    window = SimpleNamespace(before=seen(0, 1.0), after=seen(2, 1.5))
    run: Any = SimpleNamespace(turns=turns, windows={"load": window}, idle={"workers": 0.2})
    found = {metric.name: metric.value for metric in cpu_figures(run, 100)}
    assert found["workers_cpu_per_task"] == pytest.approx(1000)
    assert found["workers_cpu_gross_per_task"] == pytest.approx(5000)
