"""The queries of the report."""

import re

import duckdb
import pytest

from harness.cli.numbers import figure, number
from harness.report.page.select import QUERIES, TABLES
from harness.scenario.catalogue import load_scenarios
from harness.scenario.point import FULL
from harness.store.queries import sql, sql_files

OURS = {name: file for name, file in sql_files().items() if "report/sql" in str(file)}
SEVEN = "framework, framework_version, python_version, broker, provider, topology_profile, variant"


@pytest.mark.parametrize("name", OURS)
def test_every_query_says_its_purpose(name: str) -> None:
    assert OURS[name].read_text().startswith("-- Purpose: ")


def test_the_page_asks_every_query_of_its_own() -> None:
    assert {name for name in OURS if name.startswith("report_")} == {
        f"report_{name}" for name in (*TABLES, *QUERIES)
    }


def test_texts_are_joined_in_an_order_that_is_said() -> None:
    """Without one DuckDB joins them as its threads come, and a page changes from run to run."""
    inside = r"string_agg(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))"
    texts = [file.read_text() for file in sql_files().values()]
    found = [joined for text in texts for joined in re.findall(inside, text)]
    assert len(found) == sum(text.count("string_agg(") for text in texts) > 0
    assert [joined for joined in found if "ORDER BY" not in joined] == []


def test_no_query_names_a_scenario_or_a_load_point() -> None:
    """They are written once, in the scenario; queries get them as parameters."""
    scenarios = load_scenarios()
    points = {p.label for s in scenarios.values() for p in s.points(FULL) if p.label}
    assert len(points) > 50
    named = {
        (name, own)
        for name, file in OURS.items()
        for own in (*points, *scenarios)
        if f"'{own}'" in file.read_text()
    }
    assert not named


def test_what_tells_arms_apart_is_listed_where_they_are_numbered_only() -> None:
    """Others read the view arm_trial."""
    listing = {n for n, f in OURS.items() if SEVEN in " ".join(f.read_text().split())}
    assert listing == {"report_arm", "report_arm_trial"}


@pytest.mark.parametrize("unit", ["bytes", "bytes/h", "us", "1", "ms", "tasks/s"])
def test_a_figure_reads_alike_on_pages_and_on_the_terminal(unit: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(sql("report_units"))
        asked = "SELECT shown_value(3e6, $unit), shown_unit($unit)"
        [(value, shown)] = connection.execute(asked, {"unit": unit}).fetchall()
    assert figure(3e6, unit) == f"{number(value)} {shown}".rstrip()
