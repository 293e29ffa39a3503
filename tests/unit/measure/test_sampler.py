"""CPU between two looks, and how often the broker is asked."""

import time

import pytest

from harness.measure.sampler import Sampler, Usage, cpu_between, idle_rates
from infrastructure.service import Depth


def test_the_idle_baseline_is_taken_off() -> None:
    def at(at_s: float, cpu_s: float) -> dict[str, Usage]:
        return {"workers": Usage(int(at_s * 1e9), "workers", 1, cpu_s, None, None)}

    idle = idle_rates(at(0, 1.0), at(2, 1.2))
    assert idle["workers"] == pytest.approx(0.1)
    assert cpu_between(at(2, 1.2), at(12, 6.2), idle)["workers"] == pytest.approx(4.0)


@pytest.mark.parametrize(("takes_s", "least", "most"), [(0.0, 3, 6), (0.1, 1, 1)])
def test_a_depth_that_takes_long_to_count_is_counted_less_often(
    takes_s: float, least: int, most: int
) -> None:
    asked = []

    def depth() -> Depth:
        asked.append(time.monotonic())
        time.sleep(takes_s)
        return Depth(0, 0, 0)

    sampler = Sampler(depth)
    sampler.start()
    time.sleep(1.1)
    sampler.stop()
    assert sampler.error is None
    assert least <= len(asked) <= most
    assert len(sampler.depths) == len(asked)
