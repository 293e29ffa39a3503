"""A trial's rows on their way into the database: all of them in one transaction, or none.

They are first spooled as Parquet in the trial's folder. Ingesting is keyed by the trial's id, so
that a repeated ingest adds nothing.
"""

import json
import os
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.rows import TABLES, Row, Tables, as_table
from infrastructure.errors import StoreError
from infrastructure.processes.folder import TRIAL


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
    connection.begin()
    if connection.execute(sql("trial_there"), {"trial": trial["trial_id"]}).fetchone():
        connection.rollback()
        return False
    insert_row(connection, "experiment", experiment, unless_there=True)
    insert_row(connection, "trial", trial)
    for name in TABLES:
        file = folder / f"{name}.parquet"
        if file.exists():
            query = "ingest_packages" if name == "package" else "ingest"
            connection.execute(sql(query).format(table=name), [str(file)])
    connection.commit()
    return True


def insert_row(
    connection: duckdb.DuckDBPyConnection, table: str, row: Row, *, unless_there: bool = False
) -> None:
    query = sql("insert_unless_there" if unless_there else "insert_row")
    columns, marks = ", ".join(row), ", ".join("?" for _ in row)
    text = query.format(table=table, columns=columns, marks=marks)
    connection.execute(text, list(row.values()))
