"""Every framework of the matrix drains a backlog on every broker that it supports, in every
profile, with its settings as asked. Every scenario on every pair: ``test_matrix.py``.
"""

import tomllib
from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.cli.matrix import Matrix
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from infrastructure.root import ROOT
from tests.conftest import TINY
from tests.test_scenarios import sound

MATRIX = Matrix.from_pyproject(tomllib.loads((ROOT / "pyproject.toml").read_text()))
# The two that the other tests go through, and what is no framework.
ELSEWHERE = {"asynctasq", "celery", "raw", "stub"}
PAIRS = [
    (framework.name, broker)
    for framework in MATRIX.frameworks.values()
    if framework.name not in ELSEWHERE
    for broker in framework.brokers
]


@pytest.mark.parametrize(("framework", "broker"), PAIRS)
def test_a_backlog_is_drained(
    on_broker: Callable[..., Arm], trial: Callable[..., Outcome], framework: str, broker: str
) -> None:
    found = sound(trial(on_broker(framework, broker), "throughput", size=replace(TINY, idle_s=1)))
    assert found["completed_once"] == TINY.tasks
    assert found["left_in_broker"] == 0


# What drains no backlog by its stock command line, and in which words it says so.
NO_DRAIN = {("chancy", "default"): "takes a job a process every 5 s from a backlog"}


@pytest.mark.matrix
@pytest.mark.parametrize("profile", ["default", "tuned"])
@pytest.mark.parametrize(("framework", "broker"), PAIRS)
def test_a_backlog_is_drained_in_every_profile(
    on_broker: Callable[..., Arm], trial: Callable[..., Outcome], framework: str, broker: str,
    profile: str,
) -> None:  # fmt: skip
    outcome = trial(on_broker(framework, broker, profile=profile), "throughput")
    if words := NO_DRAIN.get((framework, profile)):
        assert outcome.status == "gap"
        assert words in str(outcome.reason)
        return
    sound(outcome)
