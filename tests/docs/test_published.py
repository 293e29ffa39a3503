"""What README says that was measured stands in results/, and what stands there is whole."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from infrastructure.root import ROOT

RESULTS = ROOT / "results"
FOLDERS = sorted(path.parent for path in RESULTS.glob("*/analysis_report.json"))
README = (ROOT / "README.md").read_text()
TABLE = re.compile(r"<!-- results/killed -->\n(.*?)<!-- end -->", re.DOTALL)
ROW = re.compile(r"^\| (\w+ [\d.]+) \| (\w+) \| (\d+) \| (.+?) \|$", re.MULTILINE)
NEVER = "not within 11 min"
NOT_QUOTED = {"oban 0.7.0"}  # measured with one attempt a job, which is no default of its own


def report(folder: Path) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads((folder / "analysis_report.json").read_text())
    return document


def measured() -> dict[str, dict[str, float]]:
    """Medians by framework and version in small letters, and metric; without the floor."""
    found: dict[str, dict[str, float]] = {}
    for median in report(RESULTS / "killed")["medians"]:
        label = median["label"].split(" · ")[0]
        if not label.startswith("raw"):
            found.setdefault(label, {})[median["metric"]] = median["median"]
    return found


def test_every_row_on_killed_workers_is_that_of_its_trial() -> None:
    table = TABLE.search(README)
    assert table
    told = {label: one for label, one in measured().items() if label not in NOT_QUOTED}
    rows = ROW.findall(table[1])
    assert {name.lower() for name, *_ in rows} == set(told)
    for name, _, at_work, after in rows:
        one = told[name.lower()]
        never = one["not_redone"] == 100
        assert never or one["not_redone"] == 0, name
        assert after == (NEVER if never else f"{one['redone_after']:.0f} s"), name
        assert float(at_work) == one["at_work"], name
        assert one["redone_twice"] == 0, name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_file_that_is_named_is_there_with_its_rows(folder: Path) -> None:
    document = report(folder)
    assert document["files"]
    for file in document["files"]:
        query = f"SELECT count(*) FROM read_parquet('{folder / file['path']}')"
        assert duckdb.connect().execute(query).fetchall() == [(file["rows"],)], file
    said = (RESULTS / "README.md").read_text()
    assert all(experiment["experiment_id"] in said for experiment in document["experiments"])
