"""The database: brought up to date with what it holds, and which files are refused."""

import errno
import os
import time
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


@pytest.mark.parametrize("read_only", [True, False])
def test_damage_is_told_at_once_wherever_the_word_lock_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, read_only: bool
) -> None:
    """DuckDB speaks of a block, and the path of a lock: neither is another program's."""
    folder = tmp_path / "block"
    folder.mkdir()
    path = folder / "lock.duckdb"
    with open_database(path):
        pass
    data = bytearray(path.read_bytes())
    for place in (4200, 8300):  # both headers: checksums no longer match
        data[place : place + 16] = b"x" * 16
    path.write_bytes(data)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits for nobody"))
    with (
        pytest.raises(StoreError, match="cannot be opened: Corrupt"),
        open_database(path, read_only=read_only),
    ):
        pass


def test_damage_that_only_reading_shows_is_told(database: Path) -> None:
    """It is of a block of one table, which opening does not read."""
    said = "Corrupt database file: computed checksum 1 does not match stored checksum 2 in block"
    with pytest.raises(StoreError, match="Corrupt"), open_database(database):
        raise duckdb.Error(said)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_that_fills_up_is_told(database: Path, number: int) -> None:
    said = f"TransactionContext Error: Failed to commit: cannot write: {os.strerror(number)}"
    with pytest.raises(StoreError, match="Free some space"), open_database(database):
        raise duckdb.Error(said)


def test_an_error_of_a_query_is_not_taken_for_damage(database: Path) -> None:
    with open_database(database):
        pass
    with pytest.raises(duckdb.BinderException), open_database(database, read_only=True) as found:
        found.execute("SELECT corrupt FROM trial")
