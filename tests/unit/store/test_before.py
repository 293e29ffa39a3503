"""A database made before opens, and every named query says of it what it said."""

from collections.abc import Iterator

import duckdb
import pytest

from harness.store.database import SCHEMA_VERSION, open_database
from harness.store.queries import fetch, sql
from tests.before import SAID, still_said, unpacked


@pytest.fixture(scope="module")
def connection(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    path = unpacked(tmp_path_factory.mktemp("before"))
    with open_database(path, read_only=True) as opened:
        opened.execute("SET TimeZone = 'UTC'")
        yield opened


def test_its_schema_is_that_of_today(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute(sql("schema_version")).fetchone() == (SCHEMA_VERSION,)


@pytest.mark.parametrize("name", SAID["queries"])
def test_a_query_says_what_it_said(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    still_said(fetch(connection, sql(f"query_{name}"))[:5], SAID["queries"][name])
