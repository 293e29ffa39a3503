"""A trial is stored whole or not at all, and once."""

import json
from pathlib import Path

import pytest

from harness.store.ingest import break_spooled, ingest, write_row
from infrastructure.errors import StoreError
from infrastructure.processes.folder import spool_of
from tests.conftest import Query
from tests.rows import finished


def test_a_trial_is_stored_once_however_often_it_is_ingested(database: Path, query: Query) -> None:
    folder = finished(spool_of(database), "t1")
    assert ingest(database, folder.path)
    assert not ingest(database, folder.path)
    folder.remove()
    assert query("SELECT trial_id, status FROM trial") == [("t1", "ok")]
    assert query("SELECT count(*) FROM metric") == [(1,)]
    assert query("SELECT count(*) FROM experiment") == [(1,)]


def test_an_ingest_that_fails_leaves_nothing_of_its_trial(database: Path, query: Query) -> None:
    good, bad = finished(spool_of(database), "good"), finished(spool_of(database), "bad")
    ingest(database, good.path)
    (bad.path / "metric.parquet").write_bytes(b"not parquet")
    with pytest.raises(StoreError, match="could not be stored"):
        ingest(database, bad.path)
    assert query("SELECT trial_id FROM trial") == [("good",)]
    good.remove()
    bad.remove()


def test_trials_are_stored_together_or_not_at_all(database: Path, query: Query) -> None:
    good, bad = finished(spool_of(database), "good"), finished(spool_of(database), "bad")
    whole = (bad.path / "metric.parquet").read_bytes()
    (bad.path / "metric.parquet").write_bytes(b"not parquet")
    with pytest.raises(StoreError, match="good, bad could not be stored"):
        ingest(database, good.path, bad.path)
    assert query("SELECT count(*) FROM trial") == [(0,)]
    (bad.path / "metric.parquet").write_bytes(whole)
    ingest(database, good.path)
    assert ingest(database, good.path, bad.path) == 1
    assert query("SELECT count(*) FROM trial") == [(2,)]
    good.remove()
    bad.remove()


def test_a_load_is_taken_out_of_its_comparison_in_the_spool(database: Path, query: Query) -> None:
    folders = [finished(spool_of(database), name) for name in ("t1", "t2")]
    known = json.loads((folders[1].path / "trial.json").read_text())
    known["trial"]["block"] = 2
    write_row(folders[1].path, known)
    break_spooled(spool_of(database), 2, known["trial"]["scenario"], known["trial"]["point"])
    ingest(database, *(folder.path for folder in folders))
    assert query("SELECT purpose FROM trial ORDER BY block") == [("measure",), ("broken",)]
    for folder in folders:
        folder.remove()
