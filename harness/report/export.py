"""``export``: the database as files for other programs, and analysis_report.json over them.

DuckDB writes each file from a query in ``export_*.sql`` as it reads, so that memory
does not grow with the number of rows. A file gets its name when it is whole, and the analysis
report comes last: where it is, everything that it names is. docs/exports.md describes the columns.
"""

import argparse
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from harness import __version__
from harness.cli.words import scenario_names
from harness.scenario.catalogue import load_scenario
from harness.store.database import SCHEMA_VERSION, open_database
from harness.store.queries import fetch, select, sql
from harness.store.rows import Row
from infrastructure.errors import BenchError

SCHEMA = "taskqueue-bench/analysis/1"  # docs/analysis_report.schema.json
REPORT = "analysis_report.json"
FORMATS = {
    "csv": "FORMAT csv, HEADER true",
    "json": "FORMAT json, ARRAY true",  # an array, one object a line
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}
PATIENCE_S = 2.0  # what takes longer shows how far it is
STEP_S = 0.2


@dataclass(frozen=True)
class Part:
    """A file to write: its name below the folder, without the ending, and the query behind it."""

    name: str
    query: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A file that is whole: its name below the folder, its rows and its bytes."""

    path: str
    rows: int
    size: int


def parts(scenarios: Sequence[str]) -> list[Part]:
    """What is exported besides the analysis report, in order."""
    every = {"scenarios": list(scenarios)}
    return [
        *(Part(f"trials/{s}", "export_trials", {"scenario": s}) for s in scenarios),
        *(Part(f"timings/{s}", "export_timings", {"scenario": s}) for s in scenarios),
        Part("verdicts", "export_verdicts", every),
    ]


def chosen(connection: duckdb.DuckDBPyConnection, asked: Sequence[str] | None) -> list[str]:
    """The scenarios to export. Raises BenchError where there is no trial of one."""
    there = [row["scenario"] for row in fetch(connection, sql("export_scenarios"))]
    if not there:
        raise BenchError(
            "the database holds no trial: run a bench first, for example: "
            'nox -s "bench-3.12(asynctasq)" -- --quick'
        )
    absent = [s for s in asked or () if s not in there]
    if absent:
        raise BenchError(
            f"the database holds no trial of {', '.join(absent)}; it has: {', '.join(there)}"
        )
    return [s for s in there if s in (asked or there)]


def write(
    connection: duckdb.DuckDBPyConnection, part: Part, out: Path, kind: str, console: Console
) -> Written:
    """Write one file in the format ``kind``; an earlier one of its name stays until it is whole."""
    path = out / f"{part.name}.{kind}"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    query = sql(part.query).rstrip().removesuffix(";")
    text = f"COPY (\n{query}\n) TO $path ({FORMATS[kind]}, USE_TMP_FILE false)"
    try:
        with watched(console, partial, part.name):
            done = connection.execute(text, {**part.parameters, "path": str(partial)}).fetchall()
        partial.replace(path)
    except RuntimeError as error:
        if "interrupted" not in str(error):
            raise
        raise KeyboardInterrupt from None  # which DuckDB makes of Ctrl-C
    finally:
        partial.unlink(missing_ok=True)
    return Written(f"{part.name}.{kind}", int(done[0][0]), path.stat().st_size)


@contextmanager
def watched(console: Console, file: Path, words: str) -> Iterator[None]:
    """Show how much of a file is written meanwhile; elsewhere than on a terminal, one line. DuckDB
    does not say how far a COPY is, so there is no time left to tell.
    """
    stop = threading.Event()
    follower = threading.Thread(target=follow, args=(console, file, words, stop), daemon=True)
    follower.start()
    try:
        yield
    finally:
        stop.set()
        follower.join()


def follow(console: Console, file: Path, words: str, stop: threading.Event) -> None:
    if stop.wait(PATIENCE_S):
        return
    if not console.is_terminal:
        console.print(f"{words}: still writing …")
        return
    columns = (TextColumn("{task.description}"), TextColumn("{task.fields[written]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task(words, written="")
        while not stop.wait(STEP_S):
            size = file.stat().st_size if file.exists() else 0
            progress.update(task, written=f"{size / 1e6:,.0f} MB written")


def analysis(
    connection: duckdb.DuckDBPyConnection,
    scenarios: Sequence[str],
    files: Sequence[Written],
    database: Path,
) -> Row:
    """The content of analysis_report.json, as docs/analysis_report.schema.json has it."""

    def rows(name: str) -> list[Row]:
        return fetch(connection, sql(f"export_{name}"), {"scenarios": list(scenarios)})

    primary = {s: load_scenario(s).primary_names for s in scenarios if s in scenario_names()}
    medians = rows("medians")
    for row in medians:
        row["primary"] = row["metric"] in primary.get(row["scenario"], ())
    return {
        "schema": SCHEMA,
        "written_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "harness_version": __version__,
        "database": database.name,
        "database_schema": SCHEMA_VERSION,
        "scenarios": list(scenarios),
        "files": [{"path": f.path, "rows": f.rows} for f in files],
        "experiments": rows("experiments"),
        "arms": rows("arms"),
        "medians": medians,
        "verdicts": rows("verdicts"),
        "change_points": rows("change_points"),
    }


def write_report(document: Row, path: Path) -> None:
    """Raises ValueError at a number that JSON cannot hold."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_text(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def export(
    database: Path, out: Path, kind: str, asked: Sequence[str] | None, console: Console
) -> list[Written]:
    """Write everything; the database is open, and as it was at the start, until all is written."""
    files = []
    with open_database(database, read_only=True) as connection:
        select(connection, ("export_limits", "report_wanted", "report_arm", "report_shown"))
        scenarios = chosen(connection, asked)
        out.mkdir(parents=True, exist_ok=True)
        (out / REPORT).unlink(missing_ok=True)
        for part in parts(scenarios):
            files.append(write(connection, part, out, kind, console))
            console.print(said(files[-1]))
        write_report(analysis(connection, scenarios, files, database), out / REPORT)
    return files


def said(file: Written) -> str:
    return f"{file.path}: {file.rows:,} rows, {file.size / 1e6:,.1f} MB"


def export_command(options: argparse.Namespace) -> int:
    """Export to OUT; returns 0. Raises BenchError when it cannot be written."""
    console = Console(highlight=False, soft_wrap=True)
    begun = time.monotonic()
    try:
        files = export(options.db, options.out, options.format, options.scenario, console)
    except (OSError, duckdb.Error) as error:
        raise BenchError(
            f"the export to {options.out} broke off: {error}\nNo partial file is left, and no "
            f"{REPORT}: free some space or name another folder with --out."
        ) from None
    rows = sum(file.rows for file in files)
    console.print(
        f"{options.out / REPORT}: {len(files)} files beside it, {rows:,} rows in "
        f"{time.monotonic() - begun:.1f} s · docs/exports.md says what is in them"
    )
    return 0
