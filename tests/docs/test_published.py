"""What documents say that was measured stands in results/, and what stands there is whole."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harness.cli.numbers import number
from harness.judge.medians import median_interval
from harness.report.published.documents import documents
from harness.report.published.marks import part
from harness.store.restore import exports, restored
from infrastructure.root import ROOT

RESULTS = ROOT / "results"
SURVEY = RESULTS / "survey"
TABLE = part((ROOT / "README.md").read_text(), "results/survey")
MIB = 1_048_576
# Columns of README's table from the third on: scenario, metric, and what its unit is divided by.
COLUMNS = (
    ("throughput", "drain_rate", 1),
    ("throughput", "workers_cpu_per_task", 1),
    ("latency", "sojourn_p99", 1),
    ("throughput", "workers_pss_peak", MIB),
)
ROWS = [[cell.strip() for cell in row.split("|")[1:-1]] for row in TABLE.splitlines() if "|" in row]


@pytest.fixture(scope="module")
def database() -> Iterator[Path]:
    """Of all that is published: it makes one."""
    with restored(RESULTS) as found:
        yield found


def report(folder: Path) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads((folder / "analysis_report.json").read_text())
    return document


@cache
def medians() -> dict[tuple[str, str, str], float]:
    """By framework, scenario and metric; of the newest survey, which is the last one."""
    document = report(SURVEY)
    last = document["experiments"][-1]["experiment_id"]
    return {
        (row["label"].split(" · ")[0], row["scenario"], row["metric"]): row["median"]
        for row in document["medians"]
        if row["experiment_id"] == last
    }


def values(framework: str, scenario: str, metric: str) -> list[float]:
    """Those of the valid trials, from the file of trials."""
    name, version = framework.split()
    rows = duckdb.execute(
        f"SELECT value FROM read_parquet('{SURVEY}/trials/{scenario}.parquet') "
        "WHERE metric = ? AND framework = ? AND framework_version = ? AND variant = '' "
        "AND purpose = 'measure' AND status = 'ok'",
        [metric, name, version],
    ).fetchall()
    return [float(value) for (value,) in rows]


def test_documents_say_what_the_results_make_of_them(database: Path) -> None:
    """README, the index of results, and the pages of claims and series, where there are any."""
    found = documents(database)
    stale = [str(page.relative_to(ROOT)) for page in found if page.read_text() != found[page]]
    assert stale == [], "run .nox/harness/bin/python -m harness.report.published"


@pytest.mark.parametrize("row", ROWS[2:], ids=lambda row: row[0])
def test_every_figure_of_the_readme_is_that_of_its_trials(row: list[str]) -> None:
    framework = row[0].lower()
    for cell, (scenario, metric, per) in zip(row[2:6], COLUMNS, strict=True):
        found = medians().get((framework, scenario, metric))
        shown = "–" if found is None else number(found / per)
        assert cell.replace("*", "").split(" (")[0] == shown, metric
    drained = values(framework, "throughput", "drain_rate")
    if len(drained) > 1:
        interval = median_interval(drained)
        assert row[2].endswith(f" ({number(interval.low)}–{number(interval.high)})")
    assert row[6] == kill(framework)


def kill(framework: str) -> str:
    """What a kill cost, from the medians."""
    own = {
        metric: v
        for (of, scenario, metric), v in medians().items()
        if (of, scenario) == (framework, "killed")
    }
    if "not_redone" not in own:
        return "–"
    assert own["not_redone"] in {0, 100}, "a share: say it here too"
    assert own["redone_twice"] == 0, "say it here too"
    never = f"not within {own['waited'] / 60:.0f} min"
    waiting = f"{own['waiting_lost']:.0f} that waited" if own["waiting_lost"] else ""
    if own["not_redone"]:
        return f"{never}, nor {waiting}" if waiting else never
    after = f"after {own['redone_after']:,.0f} s"
    return f"{after}, but not {waiting}" if waiting else after


def test_the_machine_and_the_day_are_those_of_the_trials() -> None:
    document, said = report(SURVEY), TABLE.splitlines()[-1]
    created = date.fromisoformat(document["experiments"][-1]["created_at"][:10])
    assert f"{created.day} {created:%B %Y}" in said
    for name in ("cpu_model", "cores"):
        query = f"SELECT DISTINCT value FROM read_parquet('{SURVEY}/surroundings.parquet') "
        ((value,),) = duckdb.execute(query + "WHERE name = ?", [name]).fetchall()
        assert re.search(rf"\b{re.escape(value)}\b", said), name


def test_every_framework_has_a_row() -> None:
    measured = {framework for framework, *_ in medians() if not framework.startswith("raw")}
    assert {row[0].lower() for row in ROWS[2:]} == measured
    assert len(measured) >= 15


@pytest.mark.parametrize("folder", exports(RESULTS), ids=lambda folder: folder.name)
def test_every_file_that_is_named_is_there_with_its_rows(folder: Path) -> None:
    document = report(folder)
    assert document["files"]
    for file in document["files"]:
        query = f"SELECT count(*) FROM read_parquet('{folder / file['path']}')"
        assert duckdb.connect().execute(query).fetchall() == [(file["rows"],)], file
    said = (RESULTS / "README.md").read_text()
    assert f"`{folder.name}/`" in said or f"## {folder.name}" in said
    assert all(experiment["experiment_id"] in said for experiment in document["experiments"])
