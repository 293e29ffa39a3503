"""Roles of a trial on hosts of their own: network namespaces with clocks of their own."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from harness.experiment.arms import placed as on_hosts
from harness.measure.clocks import Ping, estimate
from harness.trial.cell import Arm
from harness.trial.steps import run_trial
from harness.trial.timekeeper import start_clock
from infrastructure.hosts.places import host_of, places_of
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from tests.conftest import TINY, Query, make_plan
from tests.integration.namespaces import Network, network
from tests.integration.trials import chosen, sound, wait_for

__all__ = ["network"]
AHEAD_S = 1_000


def test_a_clock_that_is_1000_s_ahead_is_found(network: Network, folder: TrialFolder) -> None:
    name = network.host("w")
    child, pinger = start_clock(folder, host_of(f"netns:{name}+{AHEAD_S}"))
    pings = [Ping(*pinger.ping()) for _ in range(200)]
    pinger.close()
    child.stop()
    clock = estimate(pings, pings[0].sent, pings[-1].back)
    # A time namespace adds a whole number of seconds, to the nanosecond.
    assert abs(clock.offset_ns - AHEAD_S * 10**9) <= clock.bound_ns < 10**7


def placed(make_arm: Callable[..., Arm], framework: str, places: str, **options: Any) -> Arm:
    return on_hosts(make_arm(framework, **options), places_of(places))


def test_producer_worker_and_broker_each_on_a_host_with_a_clock_of_its_own(
    network: Network,
    make_arm: Callable[..., Arm],
    make_setup: Callable[..., Any],
    query: Query,
) -> None:
    broker, worker, producer = (network.host(letter) for letter in "bwp")
    words = f"broker=netns:{broker},worker=netns:{worker}+{AHEAD_S},producer=netns:{producer}+7"
    setup = make_setup(placed(make_arm, "raw", words))
    outcome = run_trial(setup, make_plan(setup, "latency", fraction=0.5, capacity=200.0))
    found = sound(outcome)
    assert 0 < found["clock_bound"] < 10_000  # us
    told = "SELECT name, value FROM environment WHERE name LIKE 'clock_of%'"
    known: dict[str, str] = dict(query(told))
    assert known[f"clock_of_netns:{worker}+{AHEAD_S}"].startswith("+1000.00")
    assert known[f"clock_of_netns:{producer}+7"].startswith("+7.00")
    assert query("SELECT value FROM environment WHERE name = 'places'") == [(words,)]
    # Stamps are told by the clock here: an hour apart, no task would end within a second.
    near = "SELECT max(end_ns - intended_ns), min(start_ns - send_ns) FROM task_record"
    ((longest, shortest),) = query(near)
    assert shortest >= -1_000 * found["clock_bound"]
    assert longest < 60 * 10**9


def test_a_group_of_workers_on_each_of_two_hosts(
    network: Network, make_arm: Callable[..., Arm], make_setup: Callable[..., Any], query: Query
) -> None:
    """Twice the slots of one host, which the gate proves, and each host's clock for its stamps."""
    one, other = network.host("v"), network.host("w")
    words = f"worker=netns:{one}+{AHEAD_S}+netns:{other}"
    setup = make_setup(placed(make_arm, "stub", words))
    usual, plan = make_setup(make_arm("stub")), make_plan(setup, "throughput")
    found = sound(run_trial(setup, plan))
    assert 0 < found["clock_bound"] < 10_000  # us
    slots = [each.description(plan).workers_topology.slots for each in (usual, setup)]
    assert slots[1] == 2 * slots[0]
    told = "SELECT count(DISTINCT worker_pid) > 1, max(end_ns) - min(start_ns) FROM task_record"
    ((several, took_ns),) = query(told)
    assert several
    assert took_ns < 60 * 10**9  # by one clock


def test_demand_counts_the_workers_of_all_hosts(
    network: Network, make_arm: Callable[..., Arm], make_setup: Callable[..., Any]
) -> None:
    words = f"worker=netns:{network.host('v')}+netns:{network.host('w')}"
    setup = make_setup(placed(make_arm, "stub", words))
    point = chosen("demand", "200 tasks/s, 1 worker")
    point["options"] = {**point["options"], "count": 100}  # too few for a p99
    found = sound(run_trial(setup, make_plan(setup, "demand", **point)))
    assert (found["processes"], found["slo_passed"]) == (2, 0)


def test_a_cut_network_ends_in_a_row_that_says_so(
    network: Network, make_arm: Callable[..., Arm], make_setup: Callable[..., Any]
) -> None:
    worker = network.host("w")
    arm = placed(make_arm, "stub", f"worker=netns:{worker}", service_us=20_000)
    setup = make_setup(arm)
    found = []
    plan = make_plan(setup, "throughput", size=replace(TINY, tasks=2_000))

    def carry_out() -> None:
        found.append(run_trial(setup, plan))

    trial = threading.Thread(target=carry_out)
    trial.start()
    records = setup.database.with_name(setup.database.name + ".spool") / plan.trial_id / "records"
    wait_for(lambda: any(path.stat().st_size for path in records.glob("*.run")))
    begin = time.monotonic()
    network.cut("w")
    trial.join(60)
    assert time.monotonic() - begin < 45
    (outcome,) = found
    assert outcome.status == "failed"
    assert outcome.reason.startswith(f"the host netns:{worker} does not answer any more")
    assert not records.parent.exists()


def test_roles_are_where_they_were_asked_to_be(network: Network) -> None:
    worker = network.host("w")
    places = places_of(f"worker=netns:{worker}")
    assert places.broker.name == "here"
    assert places.broker.address == f"10.213.{network.third}.1"  # that the worker reaches
    assert places.of(Role.WORKERS).address == f"10.213.{network.third}.2"
    assert places.words == f"broker=here,worker=netns:{worker},producer=here"
