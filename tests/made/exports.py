"""Exports as the command writes them, and as another program reads them."""

from pathlib import Path
from typing import Any

import duckdb

from tests.made.databases import compared, fill
from tests.made.rows import Rows
from tests.typed import run


def fill_export(rows: Rows) -> None:
    """Two arms, a series with an interval that is open at one end, and a measurement of our own."""
    fill(rows)
    compared(rows, "series", day=5)
    rows.experiment("self", command="selfbench")
    rows.trial("self", "stub", scenario="throughput", metrics={"probe_cost": 1.0})
    rows.connection.execute("UPDATE verdict SET high = 'inf' WHERE kind = 'faster'")


def exported(database: Path, out: Path, *words: str) -> Path:
    """The folder, written."""
    run("export", "--db", str(database), "--out", str(out), *words)
    return out


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, as another program reads them."""
    with duckdb.connect() as connection:
        done = connection.execute("SELECT * FROM " + f"'{path}'")
        names = [column[0] for column in done.description or ()]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]
