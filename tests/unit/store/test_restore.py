"""What was exported is there again, and what is not whole is refused."""

from pathlib import Path

import pytest

from harness.store.database import open_database
from harness.store.restore import exports, restore, restored
from infrastructure.errors import BenchError
from tests.made.exports import exported, fill_export
from tests.made.rows import made

TABLES = (
    "experiment",
    "trial",
    "metric",
    "verdict",
    "environment",
    "setting",
    "package",
    "checkpoint",
    "change_point",
)
EXPORT = ("--format", "parquet", "--no-timings")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only to be read."""
    place = tmp_path_factory.mktemp("restore")
    return made(
        place,
        fill_export,
        lambda rows: rows.packages("a", "alpha", {"redis": "8.1"}),
        lambda rows: rows.checkpoint(rows.trial("a", "alpha"), 1, broker_keys=4.0),
    )


@pytest.fixture
def results(database: Path, tmp_path: Path) -> Path:
    exported(database, tmp_path / "results" / "one", *EXPORT)
    return tmp_path / "results"


def content(database: Path, table: str) -> list[tuple[object, ...]]:
    with open_database(database, read_only=True) as connection:
        rows = connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
    return [tuple(row) for row in rows]


def test_everything_but_stamps_and_samples_is_there_again(database: Path, results: Path) -> None:
    with restored(results) as again:
        for table in TABLES:
            assert content(again, table) == content(database, table), table
            assert content(again, table) or table == "setting"
        assert content(again, "task_record") == []


def test_several_exports_become_one_database(database: Path, results: Path, tmp_path: Path) -> None:
    other = made(tmp_path, lambda rows: rows.experiment("z"), lambda rows: rows.trial("z", "gamma"))
    exported(other, results / "two", *EXPORT)
    with restored(results) as again:
        found = {row[0] for row in content(again, "experiment")}
        assert found == {row[0] for row in content(database, "experiment")} | {"z"}


@pytest.mark.parametrize("lacking", ["trials/latency.parquet", "verdicts.parquet"])
def test_an_export_that_lacks_a_file_is_refused(results: Path, lacking: str) -> None:
    (results / "one" / lacking).unlink()
    with pytest.raises(BenchError, match=r"one is no whole export as Parquet: (?s:.*)Write it"):
        restore(exports(results), results.parent / "again.duckdb")


def test_a_folder_without_an_export_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"holds no export: nox -s export -- --format parquet"):
        exports(tmp_path)
