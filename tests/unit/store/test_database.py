"""The database: brought up to date with what it holds, and which files are refused."""

from pathlib import Path

import duckdb
import pytest

from harness.store.database import SCHEMA_VERSION, open_database
from harness.store.ingest import ingest
from infrastructure.errors import StoreError
from infrastructure.processes.folder import spool_of
from tests.conftest import Query
from tests.rows import finished


def test_a_newer_schema_is_refused_and_not_touched(database: Path) -> None:
    with open_database(database) as connection:
        connection.execute("UPDATE schema_version SET version = ?", [SCHEMA_VERSION + 1])
    before = database.read_bytes()
    with pytest.raises(StoreError, match="update the project"), open_database(database):
        pass
    assert database.read_bytes() == before


def test_an_older_schema_is_brought_up_to_date_with_what_it_holds(
    database: Path, query: Query
) -> None:
    with open_database(database) as connection:
        for table in ("change_point", "proof"):
            connection.execute(f"DROP TABLE {table}")
        for column in ("cliffs_delta", "hedges_g", "cross_check"):
            connection.execute(f"ALTER TABLE verdict DROP {column}")
        for table in ("trial", "verdict"):
            for column in ("point", "point_number"):
                connection.execute(f"ALTER TABLE {table} DROP {column}")
        connection.execute("ALTER TABLE verdict ADD COLUMN load_fraction DOUBLE")
        connection.execute("UPDATE schema_version SET version = 1")
    folder = finished(spool_of(database), "kept")
    ingest(database, folder.path)
    folder.remove()
    assert query("SELECT trial_id FROM trial") == [("kept",)]
    assert query("SELECT max(cliffs_delta) FROM verdict") == [(None,)]
    assert query("SELECT count(*) FROM proof") == [(0,)]
    assert query("SELECT version FROM schema_version") == [(SCHEMA_VERSION,)]


def test_foreign_and_damaged_files_are_refused(database: Path, tmp_path: Path) -> None:
    duckdb.connect(str(database)).execute("CREATE TABLE mine (x INTEGER)").close()
    with pytest.raises(StoreError, match="not one of ours"), open_database(database):
        pass
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(StoreError, match="cannot be opened"), open_database(damaged):
        pass
    assert damaged.read_bytes().startswith(b"this is not")


def test_reading_a_missing_database_says_what_to_type(database: Path) -> None:
    with pytest.raises(StoreError, match="nox -s"), open_database(database, read_only=True):
        pass
    assert not database.exists()
