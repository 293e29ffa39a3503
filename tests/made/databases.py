"""What stands in the databases that several tests read."""

import json
from collections.abc import Mapping
from typing import Any

from harness.scenario.point import FULL
from harness.scenario.scenario import Scenario
from tests.made.rows import Rows

USUAL = (  # metrics that most scenarios leave
    "drain_rate",
    "enqueue_rate",
    "sojourn_p50",
    "sojourn_p90",
    "wait_p50",
    "workers_cpu_per_task",
    "broker_cpu_per_task",
    "workers_pss_peak",
)


def fill(rows: Rows) -> None:
    """Two arms: alpha with spread, an invalid and a failed trial; beta with one trial of each."""
    rows.experiment("old", day=1)
    rows.experiment("a", day=2)
    rows.experiment("b", day=3, size="quick")
    rows.trial("old", "alpha", metrics={"drain_rate": 66_666.0})
    for rate in (1_000.0, 1_234.0, 1_500.0):
        metrics = {
            "drain_rate": rate,
            "enqueue_rate": 5_000.0,
            "workers_cpu_per_task": rate / 10,
            "workers_pss_peak": 64 * 1_048_576.0,
        }
        rows.trial("a", "alpha", metrics=metrics)
    lost = {"status": "invalid", "reason": "lost 3 <tasks> & more"}
    rows.trial("a", "alpha", **lost, metrics={"drain_rate": 99_999.0})
    rows.trial("a", "alpha", status="failed", reason="the broker died")
    rows.trial("a", "alpha", purpose="py-spy", metrics={"drain_rate": 77_777.0})
    rows.trial("b", "beta", metrics={"drain_rate": 321.0}, remarks="steal percent 3 exceeds 2")
    for arm, experiment, capacity in (("alpha", "a", 1_000.0), ("beta", "b", 400.0)):
        fill_latency(rows, arm, experiment, capacity)


def fill_latency(rows: Rows, arm: str, experiment: str, capacity: float) -> None:
    """A load that was held, and one that was too much."""
    at = {"scenario": "latency", "capacity": capacity}
    held = {"point": "load 0.5", "load_fraction": 0.5}
    trial = rows.trial(
        experiment, arm, **at, **held, metrics={"sojourn_p50": 1.75, "sojourn_p90": 2.35}
    )
    rows.tasks(trial, 1_500, 1_000)
    for at_ns, pending in ((1_000_000, 5), (500_000_000, 9), (900_000_000, 2)):
        rows.insert(
            "depth_sample", trial_id=trial, at_ns=at_ns, pending=pending, in_flight=1, delayed=0
        )
    much = {"point": "load 0.7", "point_number": 2, "load_fraction": 0.7, "status": "invalid"}
    rows.trial(experiment, arm, **at, **much, reason="unstable, latency undefined")


def fill_profile(rows: Rows) -> None:
    """What the pass under py-spy of ``fill`` saw, and settings that are not as asked."""
    [(passed,)] = rows.connection.execute(
        "SELECT trial_id FROM trial WHERE purpose = 'py-spy'"
    ).fetchall()
    files = '["profiles/py spy.svg", "profiles/gone.svg"]'
    rows.insert("profile", trial_id=passed, tool="py-spy", status="ok", files=files)
    rows.stacks(passed, "py-spy", {"main (m.py:1);work (w.py:2)": 30, "main (m.py:1)": 10})
    rows.insert("setting", trial_id=passed, name="pool", asked='"prefork"', effective='"solo"')
    rows.insert("setting", trial_id=passed, name="acks", asked='"late"')


def compared(rows: Rows, name: str, *, day: int = 1, **changed: Any) -> None:
    """A series of three versions, six blocks, with a step of 1.5 after the second."""
    rows.experiment(name, day, command="regress", factor="version")
    for block in range(1, 7):
        for arm, level in enumerate((100.0, 101.0, 150.0), 1):
            place = {"framework_version": f"5.{arm}", "arm_number": arm, "block": block}
            metrics = {"drain_rate": level + block}
            trial = rows.trial(name, "celery", metrics=metrics, **place, **changed)
            cpu_ms = str(5 + block / 10)
            calibration = {"calibration_cpu_ms": cpu_ms, "calibration_round_trip_us": "300.0"}
            rows.environment(trial, calibration)
    rows.trial(name, "celery", purpose="broken", block=3, framework_version="5.1", **changed)
    for arm, kind in ((1, "equivalent"), (2, "faster")):
        rows.verdict(
            name,
            baseline_arm=arm,
            candidate_arm=arm + 1,
            baseline=f"celery 5.{arm}",
            candidate=f"celery 5.{arm + 1}",
            kind=kind,
            ratio=1.2,
            low=1.1,
            high=1.3,
            n=6,
            sentence=f"{name} says {kind}.",
        )
    rows.insert(
        "change_point",
        experiment_id=name,
        scenario="throughput",
        point="",
        point_number=1,
        metric="drain_rate",
        before_arm=2,
        after_arm=3,
        before="celery 5.2",
        after="celery 5.3",
        ratio=1.47,
        p=0.001,
        sentence="Candidate change point, ±1 version, between 5.2 and 5.3.",
    )


def released(rows: Rows, name: str = "history") -> None:
    """Four releases beside the last of them, two blocks each, from 5.2 on half as fast; the step is
    confirmed by another experiment, ``fresh``.
    """
    days = [["5.0", "2025-01-31"], ["5.1", "2025-06-01"], ["5.2", "2025-11-30"]]
    listed = [[*words, "", "100", ""] for words in [*days, ["5.3", "2026-03-26"]]]
    options = json.dumps({"framework": "celery", "since": "2025-01-31", "release": listed})
    rows.experiment(name, command="series", factor="version", options=options)
    block = 0
    for number in range(2):
        for arm, level in enumerate((200.0, 202.0, 100.0, 101.0), 2):
            block += 1
            fixed = {"framework_version": "5.3", "arm_number": 1, "block": block}
            rows.trial(name, "celery", metrics={"drain_rate": 100.0}, **fixed)
            own = {"framework_version": f"5.{arm - 2}", "arm_number": arm, "block": block}
            rows.trial(name, "celery", metrics={"drain_rate": level + number}, **own)
    confirms = json.dumps({"confirms": name, "steps": [[3, 4]]})
    rows.experiment("fresh", command="series", factor="version", options=confirms)
    rows.verdict(
        "fresh",
        baseline="celery 5.1",
        candidate="celery 5.2",
        kind="slower",
        ratio=0.5,
        low=0.48,
        high=0.52,
        sentence="celery 5.2 is slower than celery 5.1 by at least 5 %.",
    )


def fill_recovery(rows: Rows) -> None:
    """100 tasks a second for 10 s; a trial that says when its fault was made, one that does not."""
    rows.experiment("a")
    known = {"fault_after": 3.0, "time_to_recover": 2.0}
    for status, metrics in (("ok", known), ("failed", {})):
        point = {"scenario": "recovery", "point": "broker paused", "status": status}
        rows.tasks(rows.trial("a", "alpha", metrics=metrics, **point), 1_000, 70, every_ms=10)


def fill_page(rows: Rows) -> None:
    """Seven arms: alpha and beta with latency, three versions of celery, gamma on two brokers."""
    fill(rows)
    compared(rows, "series-1")
    for broker in ("mysql", "redis"):
        rows.experiment(f"gamma-{broker}", day=4)
        for value in (400.0, 450.0):
            metrics = {"drain_rate": value, "workers_cpu_per_task": 7.0}
            rows.trial(f"gamma-{broker}", "gamma", broker=broker, metrics=metrics)
    rows.experiment("alpha-late", day=5)  # one of alpha's scenarios comes from a later session
    late = rows.trial("alpha-late", "alpha", scenario="cold_start", metrics={"first_task": 1.0})
    rows.tasks(late, 41, 1_000, every_ms=500)
    rows.samples(late, 20)


def fill_scenario(rows: Rows, scenario: Scenario, experiment: str, arm: Mapping[str, str]) -> None:
    """Every trial of a scenario on an arm, its framework and broker, with samples over time."""
    named = [*scenario.primary_names, *(chart.metric for chart in scenario.charts)]
    over = [name for c in scenario.charts for name in (c.over, *(c.grid or ())) if name]
    for point in scenario.points(FULL):
        at: dict[str, Any] = (
            {"load_fraction": point.fraction, "capacity": 100.0} if point.fraction else {}
        )
        metrics = dict.fromkeys((*named, *over, *USUAL), 100.0 + point.number)
        for repeated in range(scenario.trials["full"]):
            own = {name: value + repeated for name, value in metrics.items()}
            trial = rows.trial(
                experiment,
                scenario=scenario.name,
                point=point.label,
                point_number=point.number,
                metrics=own,
                **at,
                **arm,
            )
            rows.tasks(trial, 41, 1_000, every_ms=500)
            rows.samples(trial, 20)
