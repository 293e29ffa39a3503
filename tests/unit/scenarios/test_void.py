"""What scenarios plan, and what they say voids a trial: on made-up records, without a broker."""

from pathlib import Path

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, Array, calls
from harness.measure.records import Records
from harness.scenario.catalogue import load_scenario
from harness.scenario.open_loop import latency_undefined
from harness.scenario.point import FULL, QUICK
from harness.scenario.scenario import Measures
from scenarios.multi_queue import misrouted
from scenarios.serialization import SIZES
from tasks.payloads import make
from tasks.records import CHARGED, LIFESPAN, RUN_SUFFIX, wire_seq
from tasks.work import Site, carry
from tests.unit.measure.made import queue
from tests.unit.scenarios.made import finished_run


def test_every_size_is_carried_in_both_forms_and_few_when_it_is_to_be_quick() -> None:
    full, quick = (
        {point.label for point in load_scenario("serialization").points(size)}
        for size in (FULL, QUICK)
    )
    both = {f"{form} {size}" for form in ("nested", "binary") for size in SIZES}
    assert both <= full
    assert {"nested 1 KiB", "binary 100 B", "binary 1 KiB", "binary 10 KiB"} == full - quick


def measured(
    scenario: str,
    folder: Path,
    records: Records | None = None,
    load: Array | None = None,
    **facts: float,
) -> Measures:
    """What the scenario says of its first point, of a run that went well but for what is given."""
    run = finished_run(folder)
    run.facts = {"web_start": 1.0, "web_stop": 1.0, **facts}
    run.producers.calls = {"load": calls(10_000) if load is None else load}
    chosen = load_scenario(scenario)
    point = chosen.points(QUICK)[0].offered(1000.0)
    return chosen.measure(run, point, records or Records.read(folder))


def steps_of(orders: Records) -> Records:
    """Records of whole orders as those of their first and last steps."""
    sends, first, last = orders.sends.copy(), orders.runs.copy(), orders.runs.copy()
    sends["seq"] *= 4
    first["seq"] *= 4
    last["seq"] = first["seq"] + 3
    return Records(sends, np.concatenate([first, last]))


@pytest.mark.parametrize(
    ("scenario", "own"),
    [
        ("latency", "sojourn_p50"),
        ("mixed", "http_sojourn_p50"),
        ("fastapi", "request_p50"),
        ("pipeline", "retried_sojourn_p50"),
    ],
)
def test_overload_leaves_no_percentile_of_a_latency(
    tmp_path: Path, scenario: str, own: str
) -> None:
    overloaded = queue([float(i) for i in range(2000)], 1.2)
    steady = queue([float(i) for i in range(2000)], 0.5)
    load = calls(2000, "http", 1)
    named = []
    for records in (overloaded, steady):
        found = measured(
            scenario, tmp_path, steps_of(records) if scenario == "pipeline" else records, load
        )
        assert latency_undefined(found) == (records is overloaded)
        latencies = ("sojourn", "http_sojourn", "retried_sojourn", "request", "enqueue", "service")
        named.append({m.name for m in found.metrics if m.name.startswith(latencies)})
    assert named[0] == set()
    assert own in named[1]


def test_a_queue_that_holds_more_than_was_sent_to_it_is_misrouted(tmp_path: Path) -> None:
    load = calls(6)
    load["queue"] = [0, 0, 1, 1, 2, 2]
    assert misrouted(load, [0, 0, 1], [2, 2, 3]) == 0
    assert misrouted(load, [0, 0, 1], [4, 1, 2]) == 2
    said = "2 tasks in another queue than sent to"
    assert said in measured("multi_queue", tmp_path, misrouted=2).void
    assert measured("multi_queue", tmp_path, misrouted=0).void == []


def test_a_charge_that_took_effect_twice_or_never_is_told(tmp_path: Path) -> None:
    orders = steps_of(queue([float(10 * i) for i in range(20)], 1.0))
    for number, effects in enumerate([2, 0, *[1] * 18]):
        if effects:
            charged = tmp_path / f"{CHARGED}{wire_seq('load', 4 * number + 1)}"
            charged.write_bytes(b"x" * effects)
    found = measured("pipeline", tmp_path, orders, calls(20))
    assert "1 orders were charged more than once, 1 never" in found.void
    assert {m.value for m in found.metrics if m.name in {"charged_twice", "never_charged"}} == {1}


def test_a_start_before_its_time_is_told(tmp_path: Path) -> None:
    found = measured("scheduling", tmp_path)  # of tasks with a delay of 1 s that start at once
    assert found.void == ["10000 of 10000 starts were early, by up to 1000.0 ms"]


def test_a_payload_of_the_warm_up_that_was_damaged_is_told(tmp_path: Path) -> None:
    run = finished_run(tmp_path)  # which wrote records
    (path,) = run.folder.records.glob(f"*{RUN_SUFFIX}")
    runs = np.fromfile(path, RUN_TYPE)
    records = Records.read(tmp_path)
    runs["outcome"][:3] = 1
    scenario = load_scenario("serialization")
    run.facts = {}  # the broker did not say what it held
    runs.tofile(path)
    found = scenario.measure(run, scenario.points(QUICK)[0], records)
    assert found.void == ["3 of 10000 payloads of the warm-up failed or were damaged"]


def test_the_body_knows_a_damaged_payload_of_the_warm_up(tmp_path: Path) -> None:
    name, payload = "binary 100", bytearray(make("binary 100", tmp_path))
    carry(Site(tmp_path), wire_seq("warmup", 1), [name, payload])
    payload[7] ^= 1
    carry(Site(tmp_path), wire_seq("load", 1), [name, payload])  # it does not look there
    with pytest.raises(ValueError, match="did not arrive as it was sent"):
        carry(Site(tmp_path), wire_seq("warmup", 1), [name, payload])


def test_a_lifespan_that_did_not_end_is_told(tmp_path: Path) -> None:
    said = "the web application's lifespan did not end"
    assert said in measured("fastapi", tmp_path).void
    (tmp_path / LIFESPAN).write_text('{"start_s": 0.1, "stop_s": 0.1}')
    assert said not in measured("fastapi", tmp_path).void
