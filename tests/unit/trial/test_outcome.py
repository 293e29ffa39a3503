"""The row of a trial, before and after."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from harness.store.database import open_database
from harness.store.rows import ExperimentRow
from harness.trial.outcome import Outcome, TrialRow
from tests.conftest import Query
from tests.rows import trial_row
from tests.unit.trial.conftest import MakeTrial


@pytest.mark.parametrize(("table", "row"), [("trial", TrialRow), ("experiment", ExperimentRow)])
def test_a_row_has_the_columns_of_its_table(
    database: Path, query: Query, table: str, row: Any
) -> None:
    with open_database(database):
        pass  # the tables are there
    columns = query(f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{table}'")
    assert [name for (name,) in columns] == [field.name for field in fields(row)]


def test_a_trial_that_has_not_ended_has_failed(make_trial: MakeTrial) -> None:
    row = make_trial().row
    assert (row.status, row.reason) == ("failed", "the harness ended before the trial did")
    assert (row.processes, row.concurrency, row.prefetch, row.acks) == (2, 1, 2, "late")
    assert row.duration_s is None


def test_a_trial_that_is_ok_has_no_reason() -> None:
    row = TrialRow(**trial_row("t"))
    assert Outcome(row).reason == ""
    row.reason = "2 of 9 tasks"
    assert Outcome(row).reason == "2 of 9 tasks"
