"""Demand on the stub, whose workers hold what arithmetic says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from harness.scenario.catalogue import load_scenario
from harness.trial.cell import Arm
from harness.trial.steps import run_trial
from tests.conftest import TINY, make_plan


def test_a_worker_does_not_hold_twice_what_it_can_do(
    make_arm: Callable[..., Arm], make_setup: Callable[..., Any]
) -> None:
    """Tasks of 5 ms: one worker does fewer than 200 a second, whatever the machine."""
    point = next(
        p for p in load_scenario("demand").points(TINY) if p.label == "400 tasks/s, 1 worker"
    )
    point = replace(point, options={**point.options, "count": 1_050})
    setup = make_setup(make_arm("stub"))
    outcome = run_trial(setup, make_plan(setup, "demand", **vars(point)))
    assert outcome.metrics["slo_passed"] == 0
    assert outcome.metrics["processes"] == 1
    assert outcome.metrics["completed_once"] == 1_050
    assert "unstable" in (outcome.trial.remarks or "")
