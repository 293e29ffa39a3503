"""A trial in progress without a process of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.scenario.catalogue import load_scenario
from harness.scenario.point import Point
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm, Description, wanted
from harness.trial.plan import Setup, TrialPlan
from harness.trial.trial import Trial
from tasks.spec import Topology
from tests.conftest import TINY
from tests.rows import EXPERIMENT

MakeTrial = Callable[..., Trial]


@pytest.fixture
def make_trial(make_arm: Callable[..., Arm], database: Path) -> Iterator[MakeTrial]:
    made: list[Trial] = []

    def make(purpose: Purpose = Purpose.MEASURE, gap: str = "") -> Trial:
        said = Description(
            {"stub": "1.0"},
            {"python_version": "3.12.1"},
            topology=Topology(2, 1, 2, "late"),
            gap=gap,
        )
        scenario = load_scenario("throughput")
        described = {wanted(scenario.name, {}): said}
        setup = Setup(database, EXPERIMENT, make_arm(), described, database.parent / "profiles")
        plan = TrialPlan("t-001", 1, 1, scenario, Point(TINY), purpose, 7)
        made.append(Trial.begin(setup, plan))
        return made[-1]

    yield make
    for trial in made:
        if trial.folder.path.exists():
            trial.folder.remove()
