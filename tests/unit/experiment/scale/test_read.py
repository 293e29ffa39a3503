"""From trials of network_delay to costs, and the simulation beside what was measured."""

from pathlib import Path

import pytest
from rich.console import Console

from harness.cli.matrix import Matrix
from harness.commands.scale import COMMAND, connections
from harness.experiment.scale.check import beside
from harness.experiment.scale.read import Known, arms_of, known_of, read_arms
from harness.experiment.scale.say import say
from harness.judge.scale_out.limits import outlook
from harness.judge.scale_out.network import Site, simulate
from harness.store.database import open_database
from harness.store.ingest import insert_row
from infrastructure.errors import UsageError
from tests.rows import EXPERIMENT, trial_row

WORKER_S, BROKER_S, NETWORK_S, TRIPS, REST_S = 300e-6, 100e-6, 80e-6, 2.0, 100e-6
RTTS_MS = (0.0, 0.2, 1.0, 5.0)


def points(connections: tuple[int, int] = (5, 7)) -> dict[str, tuple[int, int, dict[str, float]]]:
    """An arm whose costs are known, on a machine of two cores that nobody else uses."""
    found = {}
    for rtt in RTTS_MS:
        alone_ms = 1e3 * (WORKER_S + BROKER_S + NETWORK_S + REST_S) + TRIPS * rtt
        own = {"network_round_trip_real": rtt, "network_connections": float(connections[0])}
        cpu = {"workers_cpu_per_task": 1e6 * WORKER_S, "broker_cpu_per_task": 1e6 * BROKER_S}
        cpu["network_cpu_per_task"] = 1e6 * NETWORK_S
        one = {**own, **cpu, "time_per_task": alone_ms, "drain_rate": 1e3 / alone_ms}
        found[f"one slot, {rtt:g} ms"] = (1, 1, one)
        usual = {**own, **cpu, "network_connections": float(connections[1])}
        found[f"{rtt:g} ms"] = (2, 4, {**usual, "drain_rate": 4000.0})
    return found


def known(**own: tuple[int, int]) -> Known:
    head = {"arm_number": 1, "framework": "celery", "framework_version": "5.7.0", "variant": ""}
    head |= {"broker": "redis", "cores": "2"}
    rows = [
        {**head, "point": point, "processes": processes, "concurrency": slots}
        | {"name": name, "value": value}
        for point, (processes, slots, values) in points(**own).items()
        for name, value in values.items()
    ]
    (arm,) = arms_of(rows)
    found = known_of(arm)
    assert isinstance(found, Known)
    return found


def test_costs_are_read_from_the_points() -> None:
    found = known()
    assert found.arm.label == "celery 5.7.0 on redis"
    assert found.costs.worker_s == pytest.approx(WORKER_S)
    assert found.costs.broker_s == pytest.approx(BROKER_S)
    assert found.costs.trips == pytest.approx(TRIPS)
    assert found.costs.rest_s == pytest.approx(REST_S)
    assert (found.slots, found.connections) == (4, 2.0)


def test_the_simulation_stands_beside_each_measured_point() -> None:
    checked = {each.point: each for each in beside(known(), cores=2)}
    assert len(checked) == 8
    assert checked["one slot, 5 ms"].off == pytest.approx(0, abs=0.03)
    assert checked["one slot, 0 ms"].off == pytest.approx(0, abs=0.05)
    # Two cores do 4,167 tasks of 0.48 ms in a second, the proxy's part among them.
    assert checked["0 ms"].simulated == pytest.approx(4_167, rel=0.05)


def test_processes_of_a_pool_are_not_workers_of_their_own() -> None:
    """Two that open no more connections than one: each simulated worker is like the single one."""
    found = known(connections=(7, 7))
    assert found.pooled
    assert not known().pooled
    assert found.connections == 7
    assert {each.point.partition(",")[0] for each in beside(found, cores=2)} == {"one slot"}
    console = Console(record=True, width=120)
    rows = outlook(found.costs, Site(1, 1, 0.5e-3), 2, None)
    say(console, found, rows, list(beside(found, cores=2)), 0.5)
    assert "Its processes share the connections of one worker" in console.export_text()


def test_what_was_not_measured_is_said() -> None:
    found = known()
    few = {name: p for name, p in found.arm.points.items() if "one slot" not in name}
    said = known_of(type(found.arm)(found.arm.label, "redis", few))
    assert isinstance(said, str)
    assert "points of one slot" in said


def test_connections_limit_brokers_that_are_known(matrix: Matrix) -> None:
    options = COMMAND.parse([], matrix)
    limit = connections(options, known())
    assert limit
    assert (limit.limit, limit.workers) == (10_000, 5_000)
    asked = connections(COMMAND.parse(["--connections", "300"], matrix), known())
    assert asked
    assert asked.workers == 150


@pytest.mark.parametrize("words", [["--rtt", "0"], ["--workers", "0"], ["--broker-cores", "x"]])
def test_wrong_numbers_are_refused(words: list[str], matrix: Matrix) -> None:
    with pytest.raises(UsageError):
        COMMAND.parse(words, matrix)


def test_all_of_it_is_printed() -> None:
    found = known()
    rows = outlook(found.costs, Site(1, 4, 0.5e-3), 10, None)
    console = Console(record=True, width=120)
    say(console, found, rows, list(beside(found, cores=2)), 0.5)
    text = console.export_text()
    assert "celery 5.7.0 on redis, 0.5 ms from its broker" in text
    assert "300 µs of worker CPU, 100 µs of broker CPU, 2.00 round trips" in text
    assert "saturates first" in text
    assert "of linear" in text
    assert "Simulated on the machine that measured: at most" in text


def test_arms_are_those_of_the_newest_experiment(database: Path) -> None:
    with open_database(database) as connection:
        insert_row(connection, "experiment", vars(EXPERIMENT))
        for number, (point, (processes, slots, values)) in enumerate(points().items(), 1):
            trial = f"{EXPERIMENT.experiment_id}-{number:03}"
            own = {"scenario": "network_delay", "point": point, "purpose": "measure"}
            row = trial_row(trial) | own | {"processes": processes, "concurrency": slots}
            insert_row(connection, "trial", row | {"status": "ok"})
            for name, value in values.items():
                metric = {"trial_id": trial, "name": name, "value": value, "unit": "1"}
                insert_row(connection, "metric", metric)
            cores = {"trial_id": trial, "name": "cores", "value": "2"}
            insert_row(connection, "environment", cores)
    experiment, (arm,) = read_arms(database, None)
    assert experiment == EXPERIMENT.experiment_id
    assert len(arm.points) == 8
    assert arm.cores == 2
    costs = known_of(arm)
    assert isinstance(costs, Known)
    assert simulate(costs.costs, Site(1, 1, 1e-3), 2_000).rate == pytest.approx(400, rel=0.05)
    with pytest.raises(UsageError, match="no trials of network_delay in nothing"):
        read_arms(database, "nothing")
