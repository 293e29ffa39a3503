"""How long the phases of a trial took."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.measure.sampler import Usage
from harness.trial.surroundings import UNPINNED, MachineMeanwhile, note_load
from tests.unit.scenario.made import made_run
from tests.unit.trial.conftest import MakeTrial


def finished_run(**changed: Any) -> Any:
    usual = {
        "marks": {"started": 0, "ready": 1},
        "producers": SimpleNamespace(real_time="yes"),
        "sampler": SimpleNamespace(look=dict),
        "cell": SimpleNamespace(cpu_s=0.0),
        "pinned": None,
    }
    return SimpleNamespace(**(usual | changed))


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
    make_trial: MakeTrial,
    monkeypatch: pytest.MonkeyPatch,
    marks: dict[str, int],
    expected: dict[str, float],
) -> None:
    monkeypatch.setattr("harness.trial.surroundings.outside", lambda _: frozenset({7}))
    trial = make_trial()
    note_load(trial, finished_run(marks=marks), MachineMeanwhile())
    assert trial.outcome().metrics == expected
    assert trial.environment["producer_real_time"] == "yes"
    assert "foreign_cpu_percent" in trial.environment
    assert trial.outside == {7}


def test_what_was_done_for_the_trial_is_not_foreign(
    make_trial: MakeTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 8 busy seconds 3 went into workers, 2 into preparations, 1 into a bare body."""
    monkeypatch.setattr("harness.trial.surroundings.own_cpu_s", lambda: 0.0)
    monkeypatch.setattr("harness.machine.environment.os.sched_getaffinity", lambda _: {1})
    times = iter([(0.0, 0.0), (8.0, 0.0)])
    monkeypatch.setattr("harness.machine.environment.times_of_our_cores", lambda: next(times))
    clock = iter([0.0, 10.0])
    monkeypatch.setattr("harness.machine.environment.time.monotonic", lambda: next(clock))
    trial, machine = make_trial(), MachineMeanwhile()
    trial.reaped_s = machine.reaped_s + 2.0
    workers = Usage(0, "workers", 1, 3.0, None, None)
    run = finished_run(
        sampler=SimpleNamespace(look=lambda: {"workers": workers}), cell=SimpleNamespace(cpu_s=1.0)
    )
    note_load(trial, run, machine)
    assert trial.environment["foreign_cpu_percent"] == "20.00"


@pytest.mark.parametrize(("pinned", "told"), [(2, "yes"), (0, "no"), (None, "no")])
def test_pins_surround_a_trial_where_they_have_an_effect(
    make_trial: MakeTrial, monkeypatch: pytest.MonkeyPatch, pinned: int | None, told: str
) -> None:
    """There may be too few cores, or nothing that is drained."""
    monkeypatch.setattr("harness.trial.surroundings.outside", lambda _: frozenset())
    trial = make_trial()
    note_load(trial, finished_run(pinned=pinned), MachineMeanwhile())
    assert trial.environment["workers_pinned"] == told


@pytest.mark.parametrize(("pinned", "remarks"), [(2, []), (0, [UNPINNED])])
def test_it_is_stored_how_many_workers_were_pinned(
    make_trial: MakeTrial, monkeypatch: pytest.MonkeyPatch, pinned: int, remarks: list[str]
) -> None:
    monkeypatch.setattr("harness.trial.surroundings.outside", lambda _: frozenset())
    trial = make_trial()
    note_load(trial, finished_run(pinned=pinned), MachineMeanwhile())
    assert trial.outcome().metrics["workers_pinned"] == pinned
    assert trial.remarks == remarks


def test_nobody_says_that_cores_were_too_few_where_no_backlog_was_drained(
    make_trial: MakeTrial, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A burst is no open loop, and drains no backlog of pinned workers either."""
    monkeypatch.setattr("harness.trial.surroundings.outside", lambda _: frozenset())
    trial = make_trial()
    run = finished_run(seats=[frozenset({0})], pinned=made_run(tmp_path).pinned)
    note_load(trial, run, MachineMeanwhile())
    assert "workers_pinned" not in trial.outcome().metrics
    assert trial.remarks == []
