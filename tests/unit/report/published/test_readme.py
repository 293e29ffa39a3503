"""A survey as the README has it."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.report.answer.kill import Kill
from harness.report.answer.lines import lines
from harness.report.answer.ranking import rankings
from harness.report.published.readme import block, index, twice
from harness.report.published.survey import Survey, read_survey
from harness.store.restore import restored
from tests.made.databases import fill
from tests.made.exports import exported
from tests.made.rows import made
from tests.made.surveys import fill_survey

EXPORT = ("--format", "parquet", "--no-timings")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Read back from an export."""
    place = tmp_path_factory.mktemp("survey")
    exported(made(place, fill_survey), place / "results" / "survey", *EXPORT)
    with restored(place / "results") as database:
        survey = read_survey(database)
    assert survey
    return survey


def test_a_row_per_framework_the_fastest_first_without_the_floor(found: Survey) -> None:
    head, _, *rows = block(found).splitlines()[:8]
    assert head.startswith("| framework | broker | drained, tasks/s | CPU per task, µs | p99 at ")
    assert [row.split(" | ")[0] for row in rows] == [
        "| taskiq 1.0",
        "| Huey 1.0",
        "| Dramatiq 1.0",
        "| PgQueuer 1.0",
        "| Celery 1.0",
        "| Chancy 1.0",
    ]
    assert "raw" not in block(found)


def test_a_row_has_the_interval_and_what_a_kill_cost(found: Survey) -> None:
    rows = {row.split(" | ")[0]: row for row in block(found).splitlines()}
    assert rows["| taskiq 1.0"] == (
        "| taskiq 1.0 | Redis | **9,035** (9,010–9,060) | **111** | **1.46** | **64.0** | "
        "after 598 s, 25.0 % not within 11 min |"
    )
    assert rows["| PgQueuer 1.0"].endswith("| after 30 s |")
    assert rows["| Chancy 1.0"].endswith("| – | **64.0** | – |")


def test_where_and_when_it_was_measured_stands_below(found: Survey) -> None:
    *_, figures, measured = block(found).splitlines()
    assert figures.startswith("Medians of 6 trials, the last column of one; in brackets the 95 % ")
    assert measured == (
        "No task was done again more than once. Measured on 9 March 2026, 2 cores "
        "(Imaginary 9000), Python 3.12.1, Valkey 9, experiment `survey-1`."
    )


def test_what_was_done_twice_stands_in_its_row(found: Survey) -> None:
    shown = lines(found.found.arms, found.found.facts, rankings(found.found.facts))
    assert twice(shown) == "No task was done again more than once. "
    repeated = Kill(2.0, 0.0, 30.0, 1.0, 0.0, 45.0)
    assert twice([*shown, replace(shown[0], kill=repeated)]) == ""
    assert twice([]) == ""


def test_the_index_says_what_has_no_figure_and_why(found: Survey) -> None:
    said = index(found)
    assert said.startswith("Measured on 9 March 2026, ")
    assert ", by `nox -s survey -- --seed 7` at commit `abc1234`.\n" in said
    assert said.count("chancy 1.0 · postgresql, invalid: no worker began a task within 2 s.") == 1


def test_a_database_without_a_survey_has_none(tmp_path: Path) -> None:
    assert read_survey(made(tmp_path, fill)) is None
