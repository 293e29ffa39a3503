"""A database of what was exported as Parquet: experiments, trials, figures, surroundings, verdicts.
The raw stamps and samples are not of it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.queries import sql
from harness.store.rows import Row
from infrastructure.errors import BenchError

REPORT = "analysis_report.json"  # written last: where it is, an export is whole
COUNTED = ("trials", "ok")  # over the trials of an experiment
TABLES = {
    "surroundings": "environment",
    "settings": "setting",
    "packages": "package",
    "checkpoints": "checkpoint",
}


def exports(folder: Path) -> list[Path]:
    """The exports in a folder, each in one of its own. Raises BenchError where there is none."""
    found = sorted(path.parent for path in folder.glob(f"*/{REPORT}"))
    if not found:
        raise BenchError(
            f"{folder} holds no export: nox -s export -- --format parquet --no-timings --out "
            f"{folder / 'NAME'} writes one"
        )
    return found


@contextmanager
def restored(folder: Path) -> Iterator[Path]:
    """A database of every export in a folder, for as long as it is needed."""
    found = exports(folder)
    with TemporaryDirectory(prefix="results-") as place:
        database = Path(place) / "results.duckdb"
        restore(found, database)
        yield database


def restore(folders: Sequence[Path], database: Path) -> None:
    """Fill a new database with these exports. Raises BenchError where one is not whole."""
    with open_database(database) as connection:
        connection.begin()
        for folder in folders:
            try:
                restore_one(connection, folder)
            except (OSError, duckdb.Error, KeyError, ValueError) as error:
                raise BenchError(
                    f"{folder} is no whole export as Parquet: {error}\n"
                    "Write it again: nox -s export -- --format parquet --no-timings --out "
                    f"{folder}"
                ) from None
        connection.commit()


def restore_one(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    document = json.loads((folder / REPORT).read_text())
    for row in experiments(document["experiments"]):
        insert_row(connection, "experiment", row, unless_there=True)
    for row in document["change_points"]:
        insert_row(connection, "change_point", row)
    for file in (folder / row["path"] for row in document["files"]):
        for query in queries(file):
            connection.execute(query, [str(file)])


def experiments(rows: Sequence[Row]) -> Iterator[Row]:
    """As stored: what was counted over their trials is left out."""
    for row in rows:
        yield {name: value for name, value in row.items() if name not in COUNTED}


def queries(file: Path) -> Iterator[str]:
    """What puts an exported file into its tables; none for the raw stamps."""
    if file.parent.name == "trials":
        yield from (sql("restore_trials"), sql("restore_metrics"))
    elif file.stem == "verdicts":
        yield sql("restore_verdicts")
    elif file.stem in TABLES:
        yield sql("ingest").format(table=TABLES[file.stem])
