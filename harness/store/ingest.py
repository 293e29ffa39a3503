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
from harness.store.vocabulary import Purpose
from infrastructure.errors import StoreError
from infrastructure.processes.folder import TRIAL


def spool_trial(folder: Path, trial: Row, tables: Tables) -> None:
    """Write a finished trial's rows into its folder; the trial's own row last, by a rename."""
    for name, rows in tables.items():
        table = as_table(rows)
        if table.num_rows:
            # Read once, moments later, then removed: not worth compressing.
            pq.write_table(table, folder / f"{name}.parquet", compression="NONE")
    write_row(folder, {**trial, "complete": True})


def write_row(folder: Path, known: Row) -> None:
    """The trial's own row, with its experiment's, as they are to be stored."""
    partial = folder / (TRIAL + ".partial")
    partial.write_text(json.dumps(known))
    with partial.open() as written:
        os.fsync(written.fileno())
    partial.rename(folder / TRIAL)


def break_spooled(spool: Path, block: int, scenario: str, point: str) -> None:
    """Take a load of a block out of its comparison, as ``break_block.sql`` does, while its trials
    are in the spool, finished and not yet ingested.
    """
    place = {"block": block, "scenario": scenario, "point": point, "purpose": Purpose.MEASURE}
    for file in spool.glob(f"*/{TRIAL}"):
        known = json.loads(file.read_text())
        if place.items() <= known["trial"].items():
            known["trial"]["purpose"] = Purpose.BROKEN
            write_row(file.parent, known)


def ingest(path: Path, *folders: Path) -> int:
    """Put the trials of these folders into the database in one transaction: all of them that are
    not there yet; how many those were. Raises StoreError.
    """
    with open_database(path) as connection:
        try:
            connection.begin()
            stored = sum(insert_trial(connection, folder) for folder in folders)
            connection.commit()
        except duckdb.Error as error:
            names, places = ", ".join(f.name for f in folders), ", ".join(map(str, folders))
            raise StoreError(
                f"the trial {names} could not be stored in {path}: {error}\n"
                f"Nothing of it was written; it stays in {places}, and the next start tries again; "
                "remove that folder to give it up."
            ) from None
    return stored


def insert_trial(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """All rows of a trial; False when the trial is there."""
    known = json.loads((folder / TRIAL).read_text())
    trial, experiment = known["trial"], known["experiment"]
    if connection.execute(sql("trial_there"), {"trial": trial["trial_id"]}).fetchone():
        return False
    insert_row(connection, "experiment", experiment, unless_there=True)
    insert_row(connection, "trial", trial)
    for name in TABLES:
        file = folder / f"{name}.parquet"
        if file.exists():
            query = "ingest_packages" if name == "package" else "ingest"
            connection.execute(sql(query).format(table=name), [str(file)])
    return True


def insert_row(
    connection: duckdb.DuckDBPyConnection, table: str, row: Row, *, unless_there: bool = False
) -> None:
    query = sql("insert_unless_there" if unless_there else "insert_row")
    columns, marks = ", ".join(row), ", ".join("?" for _ in row)
    text = query.format(table=table, columns=columns, marks=marks)
    connection.execute(text, list(row.values()))
