"""A scenario on the page: points, gaps, the floor, and what is said of its points together."""

import html
from collections.abc import Callable

import pytest

from harness.report.page.sections import section
from harness.report.page.select import Selection, select
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL
from tests.made.html import Page, between
from tests.made.rows import Rows, filling

UndrawnPage = Callable[[Callable[[Rows], None]], Page]
Selected = Callable[[Callable[[Rows], None]], Selection]


def serialized(rows: Rows) -> None:
    """Two forms of one size, and one that cannot be had."""
    rows.experiment("celery")
    costs = (("nested 1 KiB", 500.0), ("binary 1 KiB", 250.0))
    for number, (point, cost) in enumerate(costs, 1):
        metrics = {"workers_cpu_per_task": cost, "payload_size": 1024.0, "drain_rate": 90.0}
        rows.trial(
            "celery",
            "celery",
            scenario="serialization",
            point=point,
            point_number=number,
            metrics=metrics,
        )
    rows.trial(
        "celery",
        "celery",
        scenario="serialization",
        point="nested 10 KiB, msgpack",
        point_number=3,
        status="gap",
        reason="no msgpack here",
    )


def test_points_and_gaps_are_shown(undrawn_page: UndrawnPage) -> None:
    page = undrawn_page(serialized)
    assert "nested 10 KiB, msgpack celery 1.0 no msgpack here cannot" in page.text
    for form, us in (("nested", 500), ("binary", 250)):  # a panel a form, of its own points only
        panel = f"CPU per task by payload, workers: {form} by payload size, ms, median"
        assert f'{panel}: celery 1.0 at {form} 1 KiB: {us} µs"' in page.source
    assert "celery 1.0 nested 1 KiB 90" in page.source
    # A gap is no failure of a trial, but it is no figure either: it stands with the others.
    assert "measure gap no msgpack here" in page.text


def test_an_arm_stands_beside_the_floor_of_its_size(undrawn_page: UndrawnPage) -> None:
    def fill(rows: Rows) -> None:
        for framework, rate in (("celery", 200.0), ("raw", 800.0)):
            rows.experiment(framework)
            rows.trial(framework, framework, metrics={"drain_rate": rate})

    def shrink(rows: Rows) -> None:
        rows.connection.execute("UPDATE experiment SET size = 'quick' WHERE experiment_id = 'raw'")

    assert "celery 1.0 drain rate 0.25" in undrawn_page(fill).text
    assert "Compared with the floor" not in undrawn_page(shrink).text


def test_the_floor_of_a_broker_is_that_of_the_same_broker(selected: Selected) -> None:
    def fill(rows: Rows) -> None:
        for broker, own, low in (("redis", 200.0, 800.0), ("mysql", 90.0, 100.0)):
            rows.experiment(broker)
            for framework, rate in (("celery", own), ("raw", low)):
                rows.trial(broker, framework, broker=broker, metrics={"drain_rate": rate})
        rows.experiment("sqs")
        rows.trial("sqs", "celery", broker="sqs", metrics={"drain_rate": 3.0})  # without a floor

    found = {row.label.split()[-1]: row.ratio for row in selected(fill).floor}
    assert found == {"mysql": pytest.approx(0.9), "redis": pytest.approx(0.25)}


def test_the_floor_acknowledges_as_the_arm_does(selected: Selected) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("e")
        for framework, acks, rate in (("huey", "early", 90.0), ("rq", "late", 90.0)):
            rows.trial("e", framework, acks=acks, metrics={"drain_rate": rate})
        for variant, acks, rate in (("", "late", 900.0), ("early", "early", 1800.0)):
            own = {"variant": variant, "acks": acks, "metrics": {"drain_rate": rate}}
            rows.trial("e", "raw", **own)

    found = {row.label: row.ratio for row in selected(fill).floor}
    assert found == {"huey 1.0": pytest.approx(0.05), "rq 1.0": pytest.approx(0.1)}


@pytest.mark.parametrize(("capacity", "comparable"), [(800.0, True), (200.0, False)])
def test_the_floor_of_a_load_is_that_of_the_same_load(
    selected: Selected, capacity: float, *, comparable: bool
) -> None:
    """What a task costs and takes depends on how many a second are offered."""

    def fill(rows: Rows) -> None:
        rows.experiment("e")
        for framework, mine in (("celery", capacity), ("raw", 800.0)):
            metrics = {"workers_cpu_per_task": 90.0, "sojourn_p50": 2.0}
            rows.trial(
                "e",
                framework,
                scenario="latency",
                point="load 0.5",
                load_fraction=0.5,
                capacity=mine,
                metrics=metrics,
            )

    assert bool(selected(fill).floor) == comparable


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Selection:
    """Settings, numbers of workers, and a soak."""
    database = tmp_path_factory.mktemp("swept") / "r.duckdb"
    metrics: dict[str, float]
    with filling(database) as rows:
        rows.experiment("sweep")
        for number, (reserved, rate) in enumerate([(1, 100.0), (16, 150.0)], 1):
            for more in (0, 1):
                metrics = {"drain_rate": rate + more, "processes": 2, "reserved": reserved}
                rows.trial(
                    "sweep",
                    "alpha",
                    scenario="tuning",
                    metrics=metrics,
                    point_number=number,
                    point=f"noop, 2 × {reserved}",
                )
        for number, n in enumerate((1, 2, 4, 4), 1):
            metrics = {"drain_rate": 1000.0 * n / (1 + 0.5 * (n - 1)), "processes": n}
            rows.trial(
                "sweep",
                "alpha",
                scenario="scalability",
                metrics=metrics,
                point_number=number,
                point=f"{n} workers",
            )
        soak = rows.trial("sweep", "alpha", scenario="soak", metrics={"workers_pss_slope": 1.0})
        for minute in range(1, 9):
            each = float(2**20 * minute)
            rows.checkpoint(soak, minute, workers_pss=each, sojourn_p50=each)
    found, _ = select(database)
    return found


def test_a_sweep_is_a_heat_map_and_a_recommendation(swept: Selection) -> None:
    tuning = section(swept, "tuning")
    [said] = tuning.said
    assert "Best: 2 processes with 16 reserved each, +50 % over" in said.sentence
    [grid] = [f for f in tuning.figures if f.title == "By processes and reserved tasks"]
    assert "16.0 reserved: 15" in grid.panels[0].words


def test_numbers_of_workers_give_a_law(swept: Selection) -> None:
    [said] = section(swept, "scalability").said
    assert said.sentence.startswith("alpha 1.0: one worker 1,000 tasks/s, serial share 0.50 [")


def test_a_soak_is_drawn_over_its_checkpoints(swept: Selection) -> None:
    [over_time] = [f for f in section(swept, "soak").figures if f.title == "Over time"]
    words = [panel.words for panel in over_time.panels]
    assert words[0].startswith("Sojourn p50 over the checkpoints of a soak, ms")
    assert words[1].startswith(
        "Memory of the workers (PSS) over the checkpoints of a soak, MiB: alpha 1.0 up to 8.00"
    )
    assert len(words) == 2


def test_round_trips_are_fitted_through_the_points_of_one_slot(selected: Selected) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("celery")
        for number, rtt in enumerate((None, 0.0, 1.0, 5.0), 1):
            delay = rtt or 0.0
            metrics = {
                "drain_rate": 1.0,
                "time_per_task": 0.5 + 2 * delay,
                "enqueue_p50": 0.1 + delay,
                "sojourn_p50": 9.0 + delay,
            }
            if rtt is not None:
                metrics["network_round_trip_real"] = rtt
            rows.trial(
                "celery",
                "celery",
                scenario="network_delay",
                point="one slot, direct" if rtt is None else f"one slot, {rtt:g} ms",
                point_number=number,
                metrics=metrics,
            )
        beside = {"drain_rate": 1.0, "broker_cpu_per_task": 50.0}
        own = {"scenario": "network_delay", "point": "0 ms", "point_number": 5}
        rows.trial("celery", "celery", metrics=beside, **own)

    (said,) = section(selected(fill), "network_delay").said
    assert "a task waits for 2.00 [2.00 … 2.00] round trips to the broker" in said.sentence
    assert "Without a network that is 0.50, 0.10 and 9.00 ms. A core of its broker" in said.sentence
    assert "serves at most 20,000 tasks/s" in said.sentence


def test_demand_and_capacity_are_told_of_each_arm(selected: Selected) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("celery")
        for number, (workers, held) in enumerate(((1, 0.0), (2, 1.0)), 1):
            rows.trial(
                "celery",
                "celery",
                scenario="demand",
                point=f"200 tasks/s, {workers} worker(s)",
                point_number=number,
                metrics={"slo_passed": held, "processes": workers, "offered_rate": 200.0},
            )

    (said,) = section(selected(fill), "demand").said
    assert said.sentence.endswith(
        "demand in workers: 200 tasks/s take 2; capacity in tasks/s: 1 hold none of the loads, "
        "2 hold 200."
    )


QUESTIONS = (
    "idle",
    "results",
    "fan_out",
    "burst",
    "periodic",
    "big_backlog",
    "deploy",
    "poison",
    "fairness",
)


def test_every_chart_of_a_scenario_has_a_panel_in_its_section(undrawn_page: UndrawnPage) -> None:
    scenarios = [load_scenario(name) for name in QUESTIONS]

    def fill(rows: Rows) -> None:
        rows.experiment("a")
        for scenario in scenarios:
            for point in scenario.points(FULL):
                of_point = [c.metric for c in scenario.charts if point.label in c.points]
                usual = [c.metric for c in scenario.charts if not c.points]
                rows.trial(
                    "a",
                    "alpha",
                    scenario=scenario.name,
                    point=point.label,
                    point_number=point.number,
                    metrics=dict.fromkeys([*scenario.primary_names, *usual, *of_point], 7.0),
                )

    page = undrawn_page(fill)
    for scenario in scenarios:
        shown = between(page.source, f'<h2 id="{scenario.name}">', "</section>")
        lacking = [c.title for c in scenario.charts if html.escape(c.title) not in shown]
        assert lacking == [], scenario.name


def rested(rows: Rows) -> None:
    """A worker that asked its broker, and one whose broker counts nothing."""
    rows.experiment("rest")
    place = {"scenario": "idle", "point": "1 queue", "metrics": {"workers_idle_cpu": 0.01}}
    trial = rows.trial("rest", "celery", **place)
    for name, value in (("commands", 10.0), ("brpop", 8.0), ("ping", 2.0)):
        row = {"trial_id": trial, "name": f"broker_idle_{name}", "value": value, "unit": "1/s"}
        rows.insert("metric", row)
    rows.trial("rest", "dramatiq", **place)


def test_what_an_idle_worker_asks_its_broker_is_told_by_name(undrawn_page: UndrawnPage) -> None:
    told = between(undrawn_page(rested).source, "What the broker was asked", "</details>")
    assert ">celery 1.0, 1 queue, per second: brpop 8.00, ping 2.00</li>" in told
    assert told.count("<li") == 1
