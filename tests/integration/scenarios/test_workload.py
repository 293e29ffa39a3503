"""A task of the user's runs in workers, with its own arguments, at its own times."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.experiment.arms import describe_points
from harness.experiment.row import new_experiment
from harness.scenario.catalogue import chosen
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm
from harness.trial.plan import Setup, TrialPlan
from harness.trial.steps import run_trial
from infrastructure.processes.folder import spool_of
from tests.conftest import TINY

FILE = """\
import os
RATE = 200
ARGUMENTS = [("a", {{"n": n}}) for n in range(7)]

{define} task(name, value):
    with open("{log}", "a") as log:
        log.write(name + str(value["n"]))
"""


@pytest.mark.parametrize(
    ("framework", "define"),
    [("stub", "def"), ("celery", "def"), ("celery", "async def"), ("asynctasq", "async def")],
)
def test_a_users_task_is_measured(
    make_arm: Callable[..., Arm],
    on_broker: Callable[..., Arm],
    database: Path,
    tmp_path: Path,
    framework: str,
    define: str,
) -> None:
    file, log = tmp_path / "mine.py", tmp_path / "log"
    file.write_text(FILE.format(define=define, log=log))
    spool_of(database).mkdir()
    own: dict[str, Any] = {"workload": str(file)}
    arm = make_arm(**own) if framework == "stub" else on_broker(framework, "redis", **own)
    scenario = chosen((), (), file)["workload"]
    described = describe_points(arm, [scenario], TINY)
    setup = Setup(database, new_experiment("compare", "tiny", 7, {}), arm, described, tmp_path)
    (point,) = scenario.points(replace(TINY, load_s=1.0))
    outcome = run_trial(setup, TrialPlan("t", 1, 1, scenario, point, Purpose.MEASURE, 7))
    said = f"{outcome.reason}\n{outcome.trial.log_tail}"
    assert outcome.status in {Status.OK, Status.INVALID}, said
    assert outcome.metrics["completed_once"] == 200, said
    assert {"failed", "lost", "duplicated"} & {k for k, v in outcome.metrics.items() if v} == set()
    assert {f"a{n}" for n in range(7)} == {log.read_text()[i : i + 2] for i in range(0, 400, 2)}
