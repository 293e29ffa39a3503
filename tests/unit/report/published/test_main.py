"""What is exported of a database to be published."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.report.published.__main__ import export_kept
from harness.store.database import open_database
from infrastructure.errors import BenchError
from tests.made.databases import fill, released
from tests.made.rows import made
from tests.made.surveys import fill_survey


def experiments(folder: Path) -> list[dict[str, Any]]:
    document = json.loads((folder / "analysis_report.json").read_text())
    assert {row["experiment_id"] for row in document["medians"]} <= {
        row["experiment_id"] for row in document["experiments"]
    }
    return list(document["experiments"])


def test_the_newest_survey_is_exported_alone(tmp_path: Path) -> None:
    """A bench of other arms and an older survey are there too; what was there before is not."""
    database = made(tmp_path, fill, lambda rows: fill_survey(rows, "survey-0", 8), fill_survey)
    with open_database(database) as connection:
        connection.execute("""UPDATE experiment SET options = '{"blocks": 6, "db": "/my/r"}'""")
    before = database.read_bytes()
    (tmp_path / "survey" / "trials").mkdir(parents=True)
    (tmp_path / "survey" / "trials" / "gone.parquet").touch()
    export_kept(database, "survey", tmp_path)
    assert database.read_bytes() == before
    assert not (tmp_path / "survey" / "trials" / "gone.parquet").exists()
    [only] = experiments(tmp_path / "survey")
    assert only["experiment_id"] == "survey-1"
    assert json.loads(only["options"]) == {"blocks": 6}


def test_a_series_is_exported_with_what_confirmed_its_steps(tmp_path: Path) -> None:
    database = made(tmp_path, fill_survey, released)
    export_kept(database, "series", tmp_path)
    assert {row["experiment_id"] for row in experiments(tmp_path / "series")} == {"history"}
    read = tmp_path / "series" / "verdicts.parquet"
    with open_database(database, read_only=True) as connection:
        asked = f"SELECT DISTINCT experiment_id FROM read_parquet('{read}')"
        assert connection.execute(asked).fetchall() == [("fresh",)]


@pytest.mark.parametrize("what", ["survey", "claims", "series"])
def test_nothing_of_it_says_what_to_type(tmp_path: Path, what: str) -> None:
    with pytest.raises(BenchError, match=rf"r.duckdb holds no {what}: nox -s {what} makes one"):
        export_kept(made(tmp_path, fill), what, tmp_path)


def test_benches_that_answer_questions_are_named(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r'no questions: nox -s "bench-3.12\(celery\)" -- --sc'):
        export_kept(made(tmp_path, fill_survey), "questions", tmp_path)
