"""results.duckdb: one transaction a trial, short connections, one writer at a time.

DuckDB lets one process open a file for writing and then excludes all others, so every opening,
reading ones too, is guarded by a lock file. A trial's rows are first spooled as Parquet in its
folder; ingesting is keyed by the trial's id, so that a repeated ingest adds nothing.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from infrastructure.errors import DatabaseBusy, StoreError
from infrastructure.processes.folder import TRIAL
from infrastructure.root import ROOT

SCHEMA_VERSION = 4
CHANGES = (2, 3)  # versions that changed tables; others only added some
LOCK_S = 120.0
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.4.0",
    "python_enable_replacements": "false",
}
TABLES = (
    "task_record",
    "warmup_record",
    "event_record",
    "request_record",
    "checkpoint",
    "resource_sample",
    "depth_sample",
    "metric",
    "setting",
    "profile",
    "stack",
    "allocation",
    "environment",
    "package",
)

Row = dict[str, Any]
Tables = Mapping[str, "list[Row] | pa.Table"]


@cache
def sql_files() -> dict[str, Path]:
    """Every query by its name, which is unique: ``NAME.sql`` in the ``sql`` folder of a package."""
    return {file.stem: file for file in sorted((ROOT / "harness").glob("*/sql/**/*.sql"))}


def sql(name: str) -> str:
    """The query of that name. Raises KeyError when there is none."""
    return sql_files()[name].read_text()


def fetch(
    connection: duckdb.DuckDBPyConnection, text: str, parameters: Mapping[str, Any] | None = None
) -> list[Row]:
    """The rows of a query as dictionaries."""
    done = connection.execute(text, dict(parameters) if parameters else None)
    columns = [column[0] for column in done.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in done.fetchall()]


def select(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], experiment: str | None = None
) -> None:
    """Make the temporary tables of the queries ``names`` that later queries read, in order;
    about one experiment, or about all.
    """
    for name in names:
        text = sql(name)
        connection.execute(text, {"experiment": experiment} if "$experiment" in text else None)


@contextmanager
def open_database(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database for a short while, its schema in place and up to date.

    Raises StoreError when it is damaged, of a newer schema, busy for two minutes, or missing
    while ``read_only``.
    """
    if read_only and not path.exists():
        raise StoreError(
            f'no database {path}: run a bench first, for example: nox -s "bench-3.12(asynctasq)"'
        )
    try:
        with FileLock(f"{path}.lock", timeout=LOCK_S):
            with connect(path, read_only=read_only) as connection:
                if schema_version(connection, path) == SCHEMA_VERSION:
                    yield connection
                    return
            bring_up_to_date(path)
            with connect(path, read_only=read_only) as connection:
                yield connection
    except Timeout:
        raise DatabaseBusy(
            f"{path} has been in use by another session for {LOCK_S:.0f} s; try again later"
        ) from None


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the file, waiting for another program that has it open (an analyst's query, say)."""
    deadline = time.monotonic() + LOCK_S
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=CONFIG)
        except duckdb.Error as error:
            if "lock" not in str(error):
                raise StoreError(
                    f"{path} cannot be opened: {error}\nNothing was changed. Name another file "
                    "with --db."
                ) from None
            if time.monotonic() > deadline:
                raise DatabaseBusy(
                    f"{path} has been open in another program for {LOCK_S:.0f} s: {error}"
                ) from None
        time.sleep(0.2)


def bring_up_to_date(path: Path) -> None:
    """Make the tables of a new database, or add what an older one lacks."""
    with connect(path, read_only=False) as connection:
        found = schema_version(connection, path)
        connection.execute("BEGIN")
        connection.execute(sql("schema"))
        for version in range(found + 1, SCHEMA_VERSION + 1) if found else ():
            if version in CHANGES:
                connection.execute(sql(f"migrate_{version}"))
        connection.execute("DELETE FROM schema_version")
        connection.execute("INSERT INTO schema_version VALUES (?)", [SCHEMA_VERSION])
        connection.execute("COMMIT")


def schema_version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Its version, 0 for an empty file. Raises StoreError on a newer one and on a foreign file."""
    tables = {
        name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    }
    if not tables:
        return 0
    if "schema_version" not in tables:
        raise StoreError(f"{path} is a DuckDB file but not one of ours: it has no schema_version")
    found = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    version = int(found[0]) if found else 0
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema {version}, this harness writes {SCHEMA_VERSION}: update the project"
        )
    return version


def as_table(rows: "list[Row] | pa.Table") -> pa.Table:
    return rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows)


def spool_trial(folder: Path, trial: Row, tables: Tables) -> None:
    """Write a finished trial's rows into its folder; the trial's own row last, by a rename."""
    for name, rows in tables.items():
        table = as_table(rows)
        if table.num_rows:
            # Read once, moments later, then removed: not worth compressing.
            pq.write_table(table, folder / f"{name}.parquet", compression="NONE")
    partial = folder / (TRIAL + ".partial")
    partial.write_text(json.dumps({**trial, "complete": True}))
    with partial.open() as written:
        os.fsync(written.fileno())
    partial.rename(folder / TRIAL)


def ingest(path: Path, folder: Path) -> bool:
    """Put a folder's trial into the database in one transaction; False when it is there."""
    known = json.loads((folder / TRIAL).read_text())
    trial, experiment = known["trial"], known["experiment"]
    with open_database(path) as connection:
        try:
            return insert_trial(connection, folder, trial, experiment)
        except duckdb.Error as error:
            raise StoreError(
                f"the trial {trial['trial_id']} could not be stored in {path}: {error}\n"
                f"Nothing of it was written; it stays in {folder}, and the next start tries again; "
                "remove that folder to give it up."
            ) from None


def insert_trial(
    connection: duckdb.DuckDBPyConnection, folder: Path, trial: Row, experiment: Row
) -> bool:
    """All rows of a trial, or none; False when the trial is there."""
    known = "SELECT 1 FROM trial WHERE trial_id = ?"
    connection.execute("BEGIN")
    if connection.execute(known, [trial["trial_id"]]).fetchone():
        connection.execute("ROLLBACK")
        return False
    insert_row(connection, "experiment", experiment, unless_there=True)
    insert_row(connection, "trial", trial)
    for name in TABLES:
        file = folder / f"{name}.parquet"
        if file.exists():
            query = "ingest_packages" if name == "package" else "ingest"
            connection.execute(sql(query).format(table=name), [str(file)])
    connection.execute("COMMIT")
    return True


def insert_row(
    connection: duckdb.DuckDBPyConnection, table: str, row: Row, *, unless_there: bool = False
) -> None:
    columns, marks = ", ".join(row), ", ".join("?" for _ in row)
    conflict = " ON CONFLICT DO NOTHING" if unless_there else ""
    connection.execute(
        f"INSERT INTO {table} ({columns}) VALUES ({marks}){conflict}",  # noqa: S608  our own names
        list(row.values()),
    )
