"""A soak keeps checkpoints, and goes on after an early end."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from harness.measure.metrics import Metric
from harness.trial.cell import Arm
from harness.trial.steps import run_trial
from infrastructure.errors import UsageError
from scenarios.soak import Minute
from tests.conftest import TINY, Query, make_plan
from tests.integration.trials import FRAMEWORKS, sound


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_soak_keeps_checkpoints(
    make_arm: Callable[..., Arm], make_setup: Callable[..., Any], query: Query, framework: str
) -> None:
    options = {"minutes": 14, "minute_s": 0.3, "rate": 100}
    setup = make_setup(make_arm(framework))
    found = sound(run_trial(setup, make_plan(setup, "soak", options=options)))
    assert found["issued"] == 420
    names = "SELECT name, count(*) FROM checkpoint GROUP BY name"
    counts: dict[str, int] = dict(query(names))
    assert counts["completed"] == counts["workers_pss"] == counts["broker_keys"] == 14
    assert query("SELECT sum(value) FROM checkpoint WHERE name = 'completed'")[0][0] > 300
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids >= 2  # those that were started anew halfway
    assert {f"workers_pss_slope{end}" for end in ("_low", "", "_high")} <= set(found)


def interrupted_at(number: int) -> Callable[[Minute], list[Metric]]:
    """``Minute.look``, with Ctrl-C instead of that checkpoint."""
    looks, look = itertools.count(1), Minute.look

    def interrupted(minute: Minute) -> list[Metric]:
        if next(looks) == number:
            raise KeyboardInterrupt
        return look(minute)

    return interrupted


def test_a_resumed_soak_does_the_minutes_that_are_missing(
    make_arm: Callable[..., Arm],
    matrix: Matrix,
    database: Path,
    query: Query,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the words of the two sessions: ``soak ARM --hours H`` and ``soak --resume EXPERIMENT``."""
    monkeypatch.setattr("harness.experiment.soak.soak.FULL", TINY)
    monkeypatch.setattr("scenarios.soak.MINUTE_S", 0.3)
    arm = make_arm("stub")
    cell = ["--cell", arm.framework, arm.version, arm.python, arm.executable]

    def soak(*words: str) -> int:
        return COMMANDS["soak"].main([*cell, *words, "--db", str(database)], matrix)

    with monkeypatch.context() as ending:
        ending.setattr(Minute, "look", interrupted_at(4))
        with pytest.raises(KeyboardInterrupt):
            soak("stub", "--hours", "0.3", "--rate", "50", "--seed", "7")
    ((experiment,),) = query("SELECT experiment_id FROM experiment")
    assert soak("--resume", experiment) == 0

    assert query(
        "SELECT trial_id, experiment_id, status = 'failed' AND reason = 'interrupted' "
        "FROM trial ORDER BY position"
    ) == [(f"{experiment}-001", experiment, True), (f"{experiment}-002", experiment, False)]
    # 18 minutes in all; each trial numbers its own checkpoints, since its processes are its own.
    assert query(
        "SELECT position, list(DISTINCT number ORDER BY number) "
        "FROM checkpoint JOIN trial USING (trial_id) GROUP BY position ORDER BY position"
    ) == [(1, [1, 2, 3]), (2, [*range(1, 16)])]
    ((issued, once),) = query(
        "SELECT max(value) FILTER (name = 'issued'), max(value) FILTER (name = 'completed_once') "
        "FROM metric JOIN trial USING (trial_id) WHERE position = 2"
    )
    assert issued == once == 15 * 15  # the rate of the first session, 50 a second for 0.3 s each
    # Of what a busy machine does not disturb: where sojourn times wander, no slope may be given.
    slopes_of = "SELECT DISTINCT trial_id[-3:] FROM metric WHERE name = 'workers_descriptors_slope'"
    assert query(slopes_of) == [("002",)]
    with pytest.raises(UsageError, match="nothing is missing of 18 minutes"):
        soak("--resume", experiment)
