"""Ratios across experiments: described, or refused with the field that differs."""

from pathlib import Path

import pytest

from harness.experiment.across import across
from harness.store.database import open_database
from harness.store.ingest import insert_row
from infrastructure.errors import UsageError
from tests.rows import EXPERIMENT, trial_row


@pytest.fixture
def two_experiments(database: Path) -> tuple[str, str]:
    """A bench session twice, the second 10 % faster, on the same machine."""
    ids = []
    with open_database(database) as connection:
        for session, base in enumerate((100.0, 110.0)):
            ids.append(f"session-{session}")
            insert_row(connection, "experiment", vars(EXPERIMENT) | {"experiment_id": ids[-1]})
            for block in (1, 2, 3):
                trial_id = f"{ids[-1]}-{block}"
                row = trial_row(trial_id) | {
                    "experiment_id": ids[-1],
                    "block": block,
                    "arm_number": 1,
                    "purpose": "measure",
                }
                insert_row(connection, "trial", row)
                metric = {"trial_id": trial_id, "name": "drain_rate", "unit": "tasks/s"}
                insert_row(connection, "metric", {**metric, "value": base + block})
                kernel = {"trial_id": trial_id, "name": "kernel", "value": "6.1"}
                insert_row(connection, "environment", kernel)
    return ids[0], ids[1]


def test_a_ratio_across_experiments_is_a_description(
    database: Path, two_experiments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert across(database, *two_experiments, []) == 0
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
    assert across(database, *two_experiments, []) == 3
    said = capsys.readouterr().out
    assert "kernel: 6.1 against 6.5" in said
    assert "1.098" not in said


def test_pinned_and_unpinned_workers_are_not_mixed(
    database: Path, two_experiments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with open_database(database) as connection:
        connection.execute(
            "INSERT INTO environment SELECT trial_id, 'workers_pinned', "
            "if(experiment_id = ?, 'no', 'yes') FROM trial",
            [two_experiments[0]],
        )
    assert across(database, *two_experiments, []) == 3
    assert "workers_pinned: no against yes" in capsys.readouterr().out


def test_an_unknown_experiment_is_refused(database: Path, two_experiments: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="no valid measuring trial"):
        across(database, two_experiments[0], "nothing", [])


def test_adapters_may_differ_where_frameworks_do(
    database: Path, two_experiments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Between versions of one framework another adapter is other work."""
    first, second = two_experiments
    with open_database(database) as connection:
        for experiment, adapter in ((first, "a"), (second, "b")):
            connection.execute(
                "UPDATE trial SET workload_hash = ? WHERE experiment_id = ?",
                [32 * "0" + 32 * adapter, experiment],
            )
    assert across(database, *two_experiments, []) == 3
    assert f"adapter_hash: {32 * 'a'} against {32 * 'b'}" in capsys.readouterr().out
    with open_database(database) as connection:
        connection.execute("UPDATE trial SET framework = 'o' WHERE experiment_id = ?", [second])
    assert across(database, *two_experiments, []) == 0
