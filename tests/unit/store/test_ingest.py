"""A trial is stored whole or not at all, and once."""

from pathlib import Path

import pytest

from harness.store.ingest import ingest
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
