"""The page of releases, of a series that was made up."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.report.markdown import nowhere
from harness.report.published.grounds import read_grounds
from harness.report.published.series import OfFramework, block, chosen, page, read_series, series_in
from tests.made.databases import fill, released
from tests.made.rows import Rows, made


def again(rows: Rows) -> None:
    """An older series, a release without a cell, and a step that new blocks did not establish."""
    options = '{"framework": "celery"}'
    rows.experiment("older", command="series", created_at="2026-02-01 10:00:00+00", options=options)
    for number in (1, 2):
        for arm, version in enumerate(("5.3", "5.2"), 1):
            place = {"framework_version": version, "arm_number": arm, "block": number}
            rows.trial("older", "celery", metrics={"drain_rate": 100.0 + number}, **place)
    rows.trial(
        "history",
        "celery",
        framework_version="4.0",
        arm_number=9,
        status="gap",
        reason="does not install",
    )
    for version, redis in (("5.1", "5.2.1"), ("5.2", "8.1.0")):
        of = {"experiment_id": "history", "framework": "celery", "framework_version": version}
        for name, own in (("celery", version), ("redis", redis), ("vine", "5.1")):
            rows.insert("package", **of, python_version="3.12.1", name=name, version=own)
    pair = {"baseline": "celery 5.2", "candidate": "celery 5.3"}
    rows.verdict("fresh", **pair, kind="equivalent", ratio=1.0, low=0.98, high=1.02)
    nothing = {"kind": "invalid", "ratio": None, "low": None, "high": None}
    rows.verdict("fresh", **pair, **nothing, metric="enqueue_rate")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("series"), fill, released, again)


@pytest.fixture(scope="module")
def found(database: Path) -> list[OfFramework]:
    return read_series(database)


def test_the_newest_of_a_framework_is_read(database: Path, found: list[OfFramework]) -> None:
    assert [(each.name, each.run.experiment_id) for each in found] == [("Celery", "history")]
    assert series_in(database) == ["history", "fresh"]


def test_a_database_without_one_has_none(tmp_path: Path) -> None:
    assert read_series(made(tmp_path, fill)) == []


def test_steps_come_first_with_their_factors(found: list[OfFramework]) -> None:
    step = "5.1 to 5.2, with other versions of redis: drain rate × 0.500 [0.480, 0.520]."
    assert block(found).endswith(f"establish: Celery {step}\n")
    [celery] = found
    assert (celery.about, celery.steps_said) == ("4 releases since 2025-01-31", step)
    assert block([]) == ""


def test_a_newer_series_that_ended_early_does_not_hide_a_whole_one(
    found: list[OfFramework],
) -> None:
    [celery] = found
    shows = replace(celery, histories=[], no_steps=[], run=replace(celery.run, candidates=2))
    assert chosen([shows, celery]) is celery
    assert chosen([shows]) is shows
    assert block([celery, shows]).endswith("]. Not looked at again yet: Celery.\n")


def test_a_step_that_only_shows_is_not_called_one(found: list[OfFramework]) -> None:
    [celery] = found
    none = [replace(each, steps={}) for each in celery.histories]
    shows = replace(celery, histories=none, no_steps=[], run=replace(celery.run, candidates=2))
    assert shows.steps_said == "2 steps show, and new blocks have not compared the neighbours yet."
    looked_at = replace(shows, no_steps=celery.no_steps)
    assert looked_at.steps_said == "no step between two releases is established."


def test_a_release_has_a_row_and_a_step_one_between_two(
    database: Path, found: list[OfFramework]
) -> None:
    made = page(found, read_grounds(database), nowhere)
    rows = [row for row in made.splitlines() if row.startswith("| ")]
    assert rows[0] == "| release, throughput | released | drain rate, times that of 5.3 |"
    assert [row.split(" | ")[0] for row in rows[2:]] == [
        "| 5.0",
        "| 5.1",
        "| **step**",
        "| 5.2",
        "| 5.3",
    ]
    assert rows[4] == "| **step** |  | **× 0.500 [0.480, 0.520]** |"
    assert rows[3].startswith("| 5.1 | 2025-06-01 | 2.02")
    assert "- 5.1 to 5.2, a step that may be of other packages: redis 5.2.1 to 8.1.0." in made
    said = "drain rate (1.00 [0.980, 1.02] times), enqueue rate (not enough blocks to tell)"
    assert f"- 5.2 to 5.3, looked at again: no step in {said}." in made
    assert "- Without a figure: 4.0, does not install" in made
    assert "2 blocks per release, 1 March 2026, " in made
    assert "Again: `nox -s series -- celery --since 2025-01-31`" in made


def test_on_a_site_figures_lead_to_their_trials(database: Path, found: list[OfFramework]) -> None:
    made = page(found, read_grounds(database), lambda arm: f"{arm.experiment_id}#{arm.scenario}")
    assert made.count("](history#throughput) |") == 4
