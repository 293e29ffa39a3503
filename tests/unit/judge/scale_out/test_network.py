"""The simulation of more workers, against closed forms."""

import random

import numpy as np
import pytest

from harness.judge.scale_out.network import Costs, Network, Site, simulate, whole
from tests.unit.judge.queueing import erlang_c_wait, mean_value_analysis, repairman


@pytest.mark.parametrize("servers", [1, 2, 8])
@pytest.mark.parametrize("busy", [0.5, 0.8])
def test_very_many_workers_that_rarely_come_are_m_m_c(servers: int, busy: float) -> None:
    """Each after a long exponential time of its own: together they are as good as Poisson."""
    service_s, workers = 0.01, 2_000
    rate = busy * servers / service_s
    costs = Costs(worker_s=workers / rate, broker_s=service_s, trips=1, rest_s=0.0)
    network = Network(costs, Site(workers, 1, rtt_s=0.0, broker_cores=servers), random.Random(3))
    network.run(40_000)
    waited_s = network.queued_s / network.turns
    assert waited_s == pytest.approx(erlang_c_wait(rate, service_s, servers), rel=0.15)


def test_theory_agrees_with_itself() -> None:
    for customers in (1, 5, 40):
        by_values = mean_value_analysis(customers, 0.01, [0.001])
        assert repairman(customers, 0.01, 0.001, 1) == pytest.approx(by_values)
    assert mean_value_analysis(1, 0.01, [0.001, 0.002]) == pytest.approx(1 / 0.013)


@pytest.mark.parametrize("workers", [1, 3, 10, 30, 300])
def test_workers_of_one_slot_are_a_closed_network_by_mean_value_analysis(workers: int) -> None:
    """The delay is what a slot waits for beside the broker, of whatever distribution."""
    costs = Costs(worker_s=0.0, broker_s=100e-6, trips=1, rest_s=1e-3)
    found = simulate(costs, Site(workers, 1, rtt_s=500e-6))
    assert found.rate == pytest.approx(mean_value_analysis(workers, 1.5e-3, [100e-6]), rel=0.03)
    assert found.broker_busy == pytest.approx(min(1, found.rate * 100e-6))


def test_a_broker_of_several_cores_is_the_repairman_with_as_many() -> None:
    costs = Costs(worker_s=0.0, broker_s=400e-6, trips=1, rest_s=0.0)
    found = simulate(costs, Site(24, 1, rtt_s=1e-3, broker_cores=4))
    assert found.rate == pytest.approx(repairman(24, 1e-3, 400e-6, 4), rel=0.03)


def test_slots_of_one_worker_share_its_core() -> None:
    """Ten slots, one customer class, two single servers and a delay: mean value analysis again."""
    costs = Costs(worker_s=200e-6, broker_s=100e-6, trips=1, rest_s=0.0)
    found = simulate(costs, Site(1, 10, rtt_s=1e-3))
    assert found.rate == pytest.approx(mean_value_analysis(10, 1e-3, [200e-6, 100e-6]), rel=0.03)
    assert found.worker_busy == pytest.approx(found.rate * 200e-6, rel=1e-6)


def test_several_round_trips_share_the_broker_s_time_of_a_task() -> None:
    one = Costs(worker_s=0.0, broker_s=90e-6, trips=3, rest_s=0.0)
    found = simulate(one, Site(1, 1, rtt_s=1e-3))
    assert found.rate == pytest.approx(1 / (3e-3 + 90e-6), rel=0.01)
    many = simulate(one, Site(300, 1, rtt_s=1e-3))
    assert many.rate == pytest.approx(1 / 90e-6, rel=0.03)


def test_a_part_of_a_round_trip_is_waited_for_by_that_part_of_the_tasks() -> None:
    chance = random.Random(1)
    assert np.mean([whole(2.3, chance) for _ in range(20_000)]) == pytest.approx(2.3, rel=0.01)
    half = Costs(worker_s=1e-3, broker_s=0.0, trips=0.5, rest_s=0.0)
    found = simulate(half, Site(1, 1, rtt_s=2e-3))
    assert found.rate == pytest.approx(1 / 2e-3, rel=0.03)


def test_one_machine_s_cores_are_shared_by_all() -> None:
    """Two cores do no more than two seconds of work in one."""
    costs = Costs(worker_s=300e-6, broker_s=100e-6, trips=1, rest_s=0.0)
    found = simulate(costs, Site(4, 10, rtt_s=0.0, cores=2))
    assert found.rate == pytest.approx(2 / 400e-6, rel=0.03)
    alone = simulate(costs, Site(4, 10, rtt_s=0.0))
    assert alone.rate == pytest.approx(1 / 100e-6, rel=0.03)  # the broker's core is full


def test_the_proxy_that_plays_a_network_is_one_more_server() -> None:
    """By mean value analysis where it has a core, and beside the others where it has none."""
    costs = Costs(worker_s=0.0, broker_s=100e-6, trips=1, rest_s=1e-3, network_s=150e-6)
    found = simulate(costs, Site(30, 1, rtt_s=500e-6))
    by_theory = mean_value_analysis(30, 1.5e-3, [100e-6, 150e-6])
    assert found.rate == pytest.approx(by_theory, rel=0.03)
    crowded = Costs(worker_s=300e-6, broker_s=100e-6, trips=1, rest_s=0.0, network_s=100e-6)
    assert simulate(crowded, Site(4, 10, rtt_s=0.0, cores=2)).rate == pytest.approx(4_000, rel=0.03)


def test_the_interval_holds_the_rate_of_a_longer_run() -> None:
    costs, site = Costs(50e-6, 80e-6, 2, 20e-6), Site(20, 2, rtt_s=300e-6)
    short, long = simulate(costs, site), simulate(costs, site, tasks=200_000, seed=8)
    assert abs(short.rate - long.rate) <= 2 * (short.half + long.half)
