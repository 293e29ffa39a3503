"""A database made before opens, and every named query says of it what it said."""

from pathlib import Path

import pytest

from harness.report.query import ask, text_of
from harness.store.database import SCHEMA_VERSION, open_database
from harness.store.queries import sql
from tests.before import ROWS, SAID, still_said, unpacked


@pytest.fixture(scope="module")
def made_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("before"))


def test_its_schema_is_that_of_today(made_before: Path) -> None:
    with open_database(made_before, read_only=True) as connection:
        assert connection.execute(sql("schema_version")).fetchone() == (SCHEMA_VERSION,)


@pytest.mark.parametrize("name", SAID["queries"])
def test_a_query_says_what_it_said(made_before: Path, name: str) -> None:
    found = ask(made_before, text_of(name), ROWS)
    now = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    still_said(now, SAID["queries"][name])
