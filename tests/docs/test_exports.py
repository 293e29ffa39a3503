"""docs/exports.md and the schema of analysis_report.json describe what an export writes."""

import json
import re
from pathlib import Path

import duckdb
import jsonschema
import pytest

from harness.report.export.analysis import SCHEMA as NAME
from harness.report.export.files import OF_ALL
from infrastructure.root import ROOT
from tests.made.exports import exported, fill_export
from tests.made.rows import made

SCHEMA = json.loads((ROOT / "docs" / "analysis_report.schema.json").read_text())
PAGE = (ROOT / "docs" / "exports.md").read_text()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export as CSV, and its tables as Parquet too."""
    database = made(tmp_path_factory.mktemp("export"), fill_export)
    exported(database, database.parent / "out", "--format", "parquet")
    return exported(database, database.parent / "out")


def test_the_report_fits_its_schema(out: Path) -> None:
    document = json.loads((out / "analysis_report.json").read_text())
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    assert document["schema"] == SCHEMA["$id"] == NAME
    assert [f["path"] for f in document["files"]][-1] == "verdicts.csv"
    assert all(document[name] for name in SCHEMA["required"])


@pytest.mark.parametrize("name", ["experiments", "arms", "medians", "verdicts", "change_points"])
def test_the_schema_names_every_field(out: Path, name: str) -> None:
    document = json.loads((out / "analysis_report.json").read_text())
    named = set(SCHEMA["properties"][name]["items"]["properties"])
    assert {field for row in document[name] for field in row} == named


def test_the_schema_refuses_what_it_does_not_describe(out: Path) -> None:
    document = json.loads((out / "analysis_report.json").read_text())
    del document["medians"][0]["median"]
    with pytest.raises(jsonschema.ValidationError, match="'median' is a required property"):
        jsonschema.validate(document, SCHEMA)


@pytest.mark.parametrize("name", ["trials", "timings", *OF_ALL])
def test_the_page_describes_every_column(out: Path, name: str) -> None:
    file = out / (f"{name}.parquet" if name in OF_ALL else f"{name}/latency.parquet")
    with duckdb.connect() as connection:
        columns = [
            r[0] for r in connection.execute("DESCRIBE SELECT * FROM " + f"'{file}'").fetchall()
        ]
    section = PAGE[PAGE.index(f"\n## {name}") :].split("\n## ")[1]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == columns
