"""analysis_report.json: what the database says, for other programs."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path

import duckdb

from harness import __version__
from harness.cli.words import scenario_names
from harness.report.export.files import Written
from harness.scenario.catalogue import load_scenario
from harness.store.database import SCHEMA_VERSION
from harness.store.queries import fetch, sql
from harness.store.rows import Row

SCHEMA = "taskqueue-bench/analysis/1"  # docs/analysis_report.schema.json
REPORT = "analysis_report.json"


def analysis(
    connection: duckdb.DuckDBPyConnection,
    scenarios: Sequence[str],
    files: Sequence[Written],
    database: Path,
) -> Row:
    """The content of the file, as docs/analysis_report.schema.json has it. Its rows are those of
    the queries ``export_NAME``, which the schema names column by column.
    """

    def rows(name: str) -> list[Row]:
        return fetch(connection, sql(f"export_{name}"), {"scenarios": list(scenarios)})

    return {
        "schema": SCHEMA,
        "written_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "harness_version": __version__,
        "database": database.name,
        "database_schema": SCHEMA_VERSION,
        "scenarios": list(scenarios),
        "files": [{"path": file.path, "rows": file.rows} for file in files],
        "experiments": rows("experiments"),
        "arms": rows("arms"),
        "medians": [row | {"primary": is_primary(row)} for row in rows("medians")],
        "verdicts": rows("verdicts"),
        "change_points": rows("change_points"),
    }


def is_primary(median: Row) -> bool:
    """Whether its scenario, if there still is one, names the metric."""
    known = median["scenario"] in scenario_names()
    return known and median["metric"] in load_scenario(median["scenario"]).primary_names


def write_report(document: Row, out: Path) -> None:
    """Raises ValueError at a number that JSON cannot hold."""
    partial = out / f"{REPORT}.partial"
    try:
        partial.write_text("{\n" + ",\n".join(starmap(line, document.items())) + "\n}\n")
        partial.replace(out / REPORT)
    finally:
        partial.unlink(missing_ok=True)


def line(name: str, value: object) -> str:
    """A field of the document, each of its rows a line: what changes is seen in a diff."""
    if isinstance(value, list) and value:
        rows = ",\n  ".join(map(as_json, value))
        return f" {as_json(name)}: [\n  {rows}\n ]"
    return f" {as_json(name)}: {as_json(value)}"


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
