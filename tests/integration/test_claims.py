"""The arms of claims in their cells, and the loads that are theirs alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.cli.claims import read_claims, requests
from harness.cli.matrix import read_matrix
from harness.experiment.arms import describe_points, setting
from harness.experiment.claims.prepare import SIZE
from harness.scenario.catalogue import load_scenario
from harness.trial.cell import Arm, wanted
from scenarios.claimed import RUNNING, STARTED
from tests.integration.trials import MakeArm, Trial, chosen, sound

ARMS = requests(read_claims(), read_matrix())


@pytest.mark.integration
@pytest.mark.parametrize("framework", sorted({arm.framework for arm in ARMS.values()}))
def test_its_cell_takes_what_every_arm_sets(framework: str, make_arm: MakeArm) -> None:
    for side, asked in ARMS.items():
        if asked.framework != framework:
            continue
        arm = make_arm(framework, asked.profile, variant=asked.variant)
        options = {
            **arm.options,
            "set": dict(map(setting, asked.settings)),
            "take": dict(map(setting, asked.take)),
        }
        arm = replace(arm, options=options, broker=replace(arm.broker, name=asked.broker))
        scenario = load_scenario(side.scenario)
        described = describe_points(arm, [scenario], SIZE)
        [point] = [p for p in scenario.points(SIZE) if p.label == side.point]
        assert not described[wanted(scenario.name, point.wants)].gap, side.arm


@pytest.mark.integration
@pytest.mark.parametrize("label", ["naps of 1 ms", "computing", RUNNING, STARTED])
def test_a_load_of_claims_gives_its_rate(label: str, make_arm: MakeArm, trial: Trial) -> None:
    found = sound(trial(make_arm(), "claimed", **chosen("claimed", label)))
    assert found["drain_rate"] > 0
    if label in {RUNNING, STARTED}:
        assert 0 < found["overall_rate"] < found["issued"] * 1e3


@pytest.mark.integration
def test_a_solo_pool_is_read_back_with_its_log_level(
    make_arm: Callable[..., Arm], trial: Trial
) -> None:
    arm = make_arm("celery", "tuned", variant="solo", set={"loglevel": "INFO"})
    outcome = trial(arm, "throughput")
    sound(outcome)
    assert (outcome.trial.processes, outcome.trial.concurrency) == (1, 1)
    assert outcome.trial.variant == "solo loglevel=INFO"
