"""How long the phases of a trial took."""

from types import SimpleNamespace
from typing import Any

import pytest

from harness.trial.surroundings import MachineMeanwhile, note_load
from tests.unit.trial.conftest import MakeTrial


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        # Whatever came before the workers: a migration, a mock API.
        (
            {"started": 3_000_000_000, "ready": 5_000_000_000, "drained": 9_000_000_000},
            {"start_to_ready": 2.0, "ready_to_drained": 4.0},
        ),
        ({"started": 0, "ready": 500_000_000}, {"start_to_ready": 0.5}),
    ],
)
def test_the_start_is_that_of_the_workers(
    make_trial: MakeTrial, marks: dict[str, int], expected: dict[str, float]
) -> None:
    trial = make_trial()
    run: Any = SimpleNamespace(
        marks=marks, producers=SimpleNamespace(real_time="yes"), sampler=SimpleNamespace(look=dict)
    )
    note_load(trial, run, MachineMeanwhile())
    assert trial.outcome().metrics == expected
    assert trial.environment["producer_real_time"] == "yes"
    assert "foreign_cpu_percent" in trial.environment
