"""CPU between two looks."""

import pytest

from harness.measure.sampler import Usage, cpu_between, idle_rates


def test_the_idle_baseline_is_taken_off() -> None:
    def at(at_s: float, cpu_s: float) -> dict[str, Usage]:
        return {"workers": Usage(int(at_s * 1e9), "workers", 1, cpu_s, None, None)}

    idle = idle_rates(at(0, 1.0), at(2, 1.2))
    assert idle["workers"] == pytest.approx(0.1)
    assert cpu_between(at(2, 1.2), at(12, 6.2), idle)["workers"] == pytest.approx(4.0)
