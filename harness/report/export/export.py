"""``export``: the database as files for other programs, and analysis_report.json over them.

DuckDB writes each file from a query in ``report/sql/export/`` as it reads, so that memory does not
grow with the number of rows. A file gets its name when it is whole, and the analysis report comes
last: where it is, everything that it names is. docs/exports.md describes the columns.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console

from harness.report.export.analysis import REPORT, analysis, write_report
from harness.report.export.files import Written, parts, write
from harness.report.nothing import RUN_A_BENCH
from harness.report.tables import make_tables
from harness.store.database import open_database
from harness.store.queries import fetch, sql
from infrastructure.errors import BenchError

TABLES = (
    "export_limits",
    "report_wanted",
    "report_arm",
    "report_arm_trial",
    "report_shown",
    "report_measured",
)


def export(
    database: Path,
    out: Path,
    kind: str,
    asked: Sequence[str] | None,
    console: Console,
    *,
    timings: bool = True,
) -> list[Written]:
    """Write everything; the database is open, and as it was at the start, until all is written."""
    files = []
    with open_database(database, read_only=True) as connection:
        make_tables(connection, TABLES)
        scenarios = chosen(connection, asked)
        out.mkdir(parents=True, exist_ok=True)
        (out / REPORT).unlink(missing_ok=True)
        for part in parts(scenarios, timings=timings):
            files.append(write(connection, part, out, kind, console))
            console.print(files[-1].words)
        write_report(analysis(connection, scenarios, files, database), out)
    return files


def chosen(connection: duckdb.DuckDBPyConnection, asked: Sequence[str] | None) -> list[str]:
    """The scenarios to export. Raises BenchError where there is no trial of one."""
    there = [row["scenario"] for row in fetch(connection, sql("export_scenarios"))]
    if not there:
        raise BenchError(f"the database holds no trial: {RUN_A_BENCH}")
    absent = [scenario for scenario in asked or () if scenario not in there]
    if absent:
        raise BenchError(
            f"the database holds no trial of {', '.join(absent)}; it has: {', '.join(there)}"
        )
    return [scenario for scenario in there if scenario in (asked or there)]
