"""A trial of one point."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from harness.trial.steps import run_trial
from tests.conftest import make_plan
from tests.integration.trials import chosen


@pytest.fixture
def point_trial(
    make_arm: Callable[..., Arm], make_setup: Callable[..., Any]
) -> Callable[[str, str, str], Outcome]:
    """One trial of a scenario's point on a framework."""

    def run(framework: str, scenario: str, label: str) -> Outcome:
        setup = make_setup(make_arm(framework))
        plan = make_plan(setup, scenario, **chosen(scenario, label))
        return run_trial(setup, plan)

    return run
