"""Queries by name, each a file, and what they answer."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from harness.store.rows import Row
from infrastructure.root import ROOT


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
