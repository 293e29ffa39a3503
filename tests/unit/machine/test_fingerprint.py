"""Refusals and flags of ratios across experiments: every field, mutated, is named."""

import argparse
from pathlib import Path

import pytest

from harness.experiment.bench import new_experiment
from harness.judge.across import across_command
from harness.machine.environment import DISTURBING, UNREADABLE
from harness.machine.fingerprint import FLAGGING, MOVED, REFUSING, difference
from harness.store.database import insert_row, open_database
from infrastructure.errors import UsageError
from tests.unit.store.test_database import trial_row

SAME: dict[str, list[str]] = {
    **{name: ["as it was"] for name in (*REFUSING, *FLAGGING)},
    **{name: ["100", "101"] for name in MOVED},
    **{name: ["0.5"] for name in DISTURBING},
}


def test_the_same_is_neither_refused_nor_flagged() -> None:
    found = difference(SAME, SAME)
    assert (found.refused, found.flagged) == ([], [])


@pytest.mark.parametrize("name", REFUSING)
@pytest.mark.parametrize("values", [["changed"], ["as it was", "changed"], []])
def test_a_mutated_field_is_refused_by_name(name: str, values: list[str]) -> None:
    found = difference(SAME, {**SAME, name: values})
    (sentence,) = found.refused
    assert sentence.startswith(f"{name}: as it was against ")
    assert found.flagged == []


@pytest.mark.parametrize("name", FLAGGING)
def test_a_mutated_soft_field_is_flagged_by_name(name: str) -> None:
    found = difference(SAME, {**SAME, name: ["changed"]})
    assert found.refused == []
    assert found.flagged == [f"{name}: as it was against changed"]


@pytest.mark.parametrize("name", MOVED)
def test_a_number_that_moved_is_flagged_and_one_that_did_not_is_not(name: str) -> None:
    nearly, far = 100.5 * (1 + MOVED[name] * 0.9), 100.5 * (1 - MOVED[name] * 1.1)
    assert difference(SAME, {**SAME, name: [str(nearly)]}).flagged == []
    (sentence,) = difference(SAME, {**SAME, name: [str(far)]}).flagged
    assert sentence.startswith(f"{name}: 100.5 against ")
    assert difference(SAME, {**SAME, name: [UNREADABLE]}).flagged == []


@pytest.mark.parametrize("name", DISTURBING)
def test_a_disturbed_trial_on_either_side_is_flagged(name: str) -> None:
    bad = {**SAME, name: ["0.1", "77"]}
    for pair in ((SAME, bad), (bad, SAME)):
        assert difference(*pair).flagged == [f"{name}: up to 77, above {DISTURBING[name]:g}"]


def test_a_declared_factor_may_differ_and_nothing_else() -> None:
    other = {**SAME, "python_build": ["3.13"], "kernel": ["7.0"]}
    found = difference(SAME, other, factors=["python"])
    assert found.refused == ["kernel: as it was against 7.0"]


@pytest.fixture
def two_experiments(database: Path) -> tuple[str, str]:
    """A bench session twice, the second 10 % faster, on the same machine."""
    ids = []
    with open_database(database) as connection:
        for session, base in enumerate((100.0, 110.0)):
            experiment = new_experiment("bench", "quick", 1, {})
            experiment["experiment_id"] = f"session-{session}"
            insert_row(connection, "experiment", experiment)
            ids.append(experiment["experiment_id"])
            for block in (1, 2, 3):
                trial_id = f"{ids[-1]}-{block}"
                row = trial_row(trial_id) | {"experiment_id": ids[-1], "block": block,
                                             "arm_number": 1, "purpose": "measure"}  # fmt: skip
                insert_row(connection, "trial", row)
                metric = {"trial_id": trial_id, "name": "drain_rate", "unit": "tasks/s"}
                insert_row(connection, "metric", {**metric, "value": base + block})
                kernel = {"trial_id": trial_id, "name": "kernel", "value": "6.1"}
                insert_row(connection, "environment", kernel)
    return ids[0], ids[1]


def test_a_ratio_across_experiments_is_a_description(
    database: Path, two_experiments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    options = argparse.Namespace(db=database, across=list(two_experiments), factor=[])
    assert across_command(options) == 0
    said = capsys.readouterr().out
    assert "1.098" in said  # 112 / 102
    assert "+1.00" in said
    assert "not a verdict" in said
    assert "none: not" in said  # measured: workers_cpu_per_task


def test_a_ratio_across_machines_is_refused_and_names_the_field(
    database: Path, two_experiments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with open_database(database) as connection:
        connection.execute(
            "UPDATE environment SET value = '6.5' WHERE trial_id LIKE ?", [f"{two_experiments[1]}%"]
        )
    options = argparse.Namespace(db=database, across=list(two_experiments), factor=[])
    assert across_command(options) == 3
    said = capsys.readouterr().out
    assert "kernel: 6.1 against 6.5" in said
    assert "1.098" not in said


def test_an_unknown_experiment_is_refused(database: Path, two_experiments: tuple[str, str]) -> None:
    options = argparse.Namespace(db=database, across=[two_experiments[0], "nothing"], factor=[])
    with pytest.raises(UsageError, match="no valid measuring trial"):
        across_command(options)
