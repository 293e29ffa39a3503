"""docs/schema.md says what the schema says, and the schema explains every column."""

import duckdb
import pytest

from harness.store import schema_doc
from harness.store.queries import sql


def test_the_page_is_what_the_schema_makes_it() -> None:
    written = schema_doc.PAGE.read_text()
    assert written == schema_doc.page(schema_doc.SCHEMA.read_text()), (
        "docs/schema.md is stale: run python -m harness.store.schema_doc"
    )


def test_every_table_and_column_has_a_comment() -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in schema_doc.tables(schema_doc.SCHEMA.read_text())
        for column in table.columns
        if not column.comment
    ]
    unnamed = [
        t.name for t in schema_doc.tables(schema_doc.SCHEMA.read_text()) if not t.comment.strip()
    ]
    assert (silent, unnamed) == ([], [])


def test_the_page_knows_what_duckdb_makes_of_the_schema() -> None:
    with duckdb.connect() as connection:
        connection.execute(sql("schema"))
        real = connection.execute(
            "SELECT table_name, column_name, is_nullable FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    read = [
        (table.name, column.name, column.nullable)
        for table in schema_doc.tables(schema_doc.SCHEMA.read_text())
        for column in table.columns
    ]
    assert sorted(read) == sorted(real)


def test_a_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="not a column"):
        list(schema_doc.tables("-- T.\nCREATE TABLE t (\n    lowercase type\n);\n"))


def test_a_column_without_a_comment_is_seen() -> None:
    (table,) = schema_doc.tables("-- T.\nCREATE TABLE t (\n    a INTEGER,\n    b DOUBLE -- b\n);\n")
    assert [c.comment for c in table.columns] == ["", "b"]
