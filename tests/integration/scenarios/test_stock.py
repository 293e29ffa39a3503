"""What the stock command lines do not have is a gap."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from harness.experiment.arms import describe_points
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL
from harness.trial.cell import Arm, wanted
from harness.trial.steps import run_trial
from tests.conftest import make_plan
from tests.integration.trials import CORES, FRAMEWORKS, chosen


def test_the_stock_command_line_tells_no_events(
    make_arm: Callable[..., Arm], make_setup: Callable[..., Any]
) -> None:
    setup = make_setup(make_arm("asynctasq", "default"))
    outcome = run_trial(setup, make_plan(setup, "events", **chosen("events", "on")))
    assert outcome.status == "gap"


# Points whose names would say something else than the stock command line does (profile default).
NOT_STOCK = {
    "asynctasq": {
        "scalability": {"2 workers", "4 workers"},
        "antipatterns": {"computing in threads", *["waiting in processes"] * (CORES > 1)},
        "io_bound": set(),
    },
    "celery": {
        "scalability": {f"{n} worker{'s' if n > 1 else ''}" for n in (1, 2, 4) if n != CORES},
        "antipatterns": {
            "computing in coroutines",
            "computing in threads",
            "waiting where tasks wait",
        },
        "io_bound": {"fan-out 1", "fan-out 10"},
    },
}


@pytest.mark.skipif(os.cpu_count() != CORES, reason="Celery's own number is of all cores")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_the_stock_command_line_has_not_is_a_gap(
    make_arm: Callable[..., Arm], framework: str
) -> None:
    own = {"cpu_bound": {"1 process"} if CORES > 1 else set(), "mixed": set(), "recovery": set()}
    for name, gaps in (NOT_STOCK[framework] | own).items():
        scenario = load_scenario(name)
        described = describe_points(make_arm(framework, "default"), [scenario], FULL)
        found = {
            point.label: described[wanted(name, point.wants)].gap for point in scenario.points(FULL)
        }
        if (framework, name) == ("asynctasq", "recovery"):
            found = {label: gap for label, gap in found.items() if "early" not in label}
        assert {label for label, gap in found.items() if gap} == gaps
        assert all(
            gap.startswith(("the stock command line", "Celery")) for gap in found.values() if gap
        )


def test_threads_are_not_processes(make_arm: Callable[..., Arm]) -> None:
    arm, scenario = make_arm("celery", variant="threads"), load_scenario("scalability")
    described = describe_points(arm, [scenario], FULL)
    gaps = {p.label: described[wanted("scalability", p.wants)].gap for p in scenario.points(FULL)}
    assert gaps["4 workers"] == "a threads pool is one process: its processes are 1, not 4"
    assert gaps["1 worker"] == ""
