"""``query``: one question to the database, as SQL or by the name of a file, and nothing is written.

Named queries are ``query_NAME.sql``, headed by their purpose; docs/queries.md shows them.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.markup import escape
from rich.table import Table

from harness.cli.words import query_names
from harness.report.tables import make_tables
from harness.store.database import DAMAGE, open_database
from harness.store.queries import sql
from infrastructure.errors import UsageError

PURPOSE = "-- Purpose: "
TABLES = ("ask_ok_trial", "ask_guard")


@dataclass(frozen=True)
class QueryResult:
    """Columns and rows; ``more``: there are others that were not asked for."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    more: bool


def purpose(name: str) -> str:
    """The heading of a query, as one sentence."""
    head = []
    for line in sql(name).splitlines():
        if not line.startswith("--"):
            break
        head.append(line.removeprefix(PURPOSE).removeprefix("-- "))
    return " ".join(head)


def text_of(question: str) -> str:
    """The SQL of a name, or the SQL itself."""
    return sql(f"query_{question}") if question in query_names() else question


def ask(database: Path, text: str, limit: int) -> QueryResult:
    """The first ``limit`` rows.

    The database is open for reading, and DuckDB may not touch any other file: COPY, ATTACH and
    the like are refused. Raises UsageError at SQL that fails or is not one statement.
    """
    with open_database(database, read_only=True) as connection:
        make_tables(connection, TABLES)
        try:
            if len(connection.extract_statements(text)) != 1:
                raise UsageError(
                    "query: expected one statement, without a second after a semicolon"
                )
            done = connection.execute(text)
            columns = [column[0] for column in done.description or ()]  # gone with the last row
            rows = done.fetchmany(limit + 1)
        except duckdb.Error as error:
            if DAMAGE.search(str(error)):
                raise  # told by open_database
            raise UsageError(
                f"query: {error}\nnox -s query lists the queries that have a name; docs/schema.md "
                "describes the tables; nothing can be written."
            ) from None
    return QueryResult(columns, rows[:limit], more=len(rows) > limit)


def cell(value: Any) -> str:
    """Floats with six digits, NULL as nothing, the rest as it is."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    return escape(str(value))


def as_table(found: QueryResult) -> Table:
    """Columns of numbers stand to the right."""
    table = Table(box=None, header_style="bold")
    for index, name in enumerate(found.columns):
        values = [row[index] for row in found.rows if row[index] is not None]
        numeric = bool(values) and all(isinstance(v, int | float | Decimal) for v in values)
        table.add_column(escape(name), justify="right" if numeric else "left", no_wrap=True)
    for row in found.rows:
        table.add_row(*map(cell, row))
    return table


def listed() -> Table:
    table = Table(box=None, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name in query_names():
        table.add_row(name, escape(purpose(f"query_{name}")))
    return table
