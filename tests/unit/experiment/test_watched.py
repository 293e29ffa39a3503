"""What is said of a trial that is over."""

from typing import Any

import pytest

from harness.experiment.watched import label, outcome_line
from harness.scenario.catalogue import load_scenario
from harness.store.vocabulary import Purpose, Status
from harness.trial.outcome import Outcome, TrialRow
from harness.trial.plan import TrialPlan
from tests.conftest import TINY
from tests.rows import trial_row


def said(
    scenario: str,
    metrics: dict[str, tuple[float, str]],
    purpose: Purpose = Purpose.MEASURE,
    **row: Any,
) -> str:
    one = load_scenario(scenario)
    plan = TrialPlan("t", 1, 1, one, one.points(TINY)[0], purpose, 0)
    values = {name: value for name, (value, _) in metrics.items()}
    units = {name: unit for name, (_, unit) in metrics.items()}
    found = TrialRow(**(trial_row("t") | {"status": Status.OK, "reason": None} | row))
    return outcome_line(plan, Outcome(found, values, [], units))


@pytest.mark.parametrize(
    ("scenario", "metrics", "figures"),
    [
        (
            "throughput",
            {
                "workers_cpu_per_task": (123.4, "us"),
                "drain_rate": (7851.2, "tasks/s"),
                "lost": (0, "tasks"),
            },
            "throughput: drain rate 7,851 tasks/s, workers CPU per task 123 µs",
        ),
        (
            "periodic",
            {"tick_lateness_p50": (0.412, "ms"), "tick_lateness_max": (3.1, "ms")},
            "periodic one scheduler: tick lateness p50 0.412 ms, tick lateness max 3.10 ms",
        ),
        ("multi_queue", {"overtaking": (0.987, "1")}, "multi_queue: overtaking 0.987"),
    ],
)
def test_the_primary_metrics_of_any_scenario_are_shown_with_their_units(
    scenario: str, metrics: dict[str, tuple[float, str]], figures: str
) -> None:
    assert said(scenario, metrics) == f"[green]ok[/] {figures}"


def test_a_load_is_told_by_its_share_and_by_what_it_offers() -> None:
    latency = load_scenario("latency")
    middle = latency.points(TINY)[1]
    plan = TrialPlan("t", 1, 1, latency, middle.offered(412.0), Purpose.MEASURE, 0)
    assert label(plan) == "latency load 0.5 (206/s)"


def test_one_without_figures_says_why() -> None:
    line = said("throughput", {}, status=Status.INVALID, reason="3 of 10 tasks lost")
    assert line == "[yellow]invalid[/] throughput — 3 of 10 tasks lost"


def test_a_profiled_one_gives_no_timings() -> None:
    line = said("throughput", {"drain_rate": (1.0, "tasks/s")}, Purpose.PY_SPY)
    assert line == "[green]ok[/] throughput py-spy: profiled, gives no timings"
