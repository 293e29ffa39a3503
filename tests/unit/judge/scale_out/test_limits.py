"""What saturates first, and in which words."""

from collections.abc import Sequence
from functools import cache

import pytest

from harness.judge.scale_out.limits import (
    Connections,
    broker_bound,
    core_words,
    first_of,
    ladder,
    outlook,
)
from harness.judge.scale_out.network import Costs, Simulated, Site

COSTS = Costs(worker_s=200e-6, broker_s=100e-6, trips=2, rest_s=0.0)
SITE = Site(1, 1, rtt_s=500e-6)


def test_workers_are_tried_in_steps() -> None:
    assert list(ladder(1000)) == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    assert list(ladder(60)) == [1, 2, 5, 10, 20, 50, 60]
    assert list(ladder(1)) == [1]


def test_the_bound_is_arithmetic() -> None:
    assert broker_bound(COSTS, SITE) == pytest.approx(10_000)
    assert "serves at most 10,000 tasks/s" in core_words(100)


@cache
def rows() -> Sequence[Simulated]:
    """One to fifty workers."""
    return outlook(COSTS, SITE, 50, None).rows


def test_the_broker_s_cpu_saturates_first() -> None:
    said = first_of(rows(), COSTS, SITE, None)
    assert said.startswith("The broker's CPU saturates first: 20 workers keep it ")
    assert "at most 10,000 tasks/s" in said
    assert rows()[-1].rate == pytest.approx(10_000, rel=0.03)


def test_connections_may_run_out_before() -> None:
    assert first_of(rows(), COSTS, SITE, Connections(20, 2.0)) == (
        "Connections run out first: the broker takes 20 at 2 per worker, which is 10 workers."
    )
    enough = first_of(rows(), COSTS, SITE, Connections(10_000, 2.0))
    assert enough.startswith("The broker's CPU")


def test_nothing_saturates_where_round_trips_take_the_time() -> None:
    far = Site(1, 1, rtt_s=50e-3)
    found = outlook(COSTS, far, 10, None)
    assert found.first.startswith("Nothing saturates up to 10 workers: they keep the broker's CPU")
    assert found.first.endswith("Each waits for round trips in 100 % of a task's time.")
