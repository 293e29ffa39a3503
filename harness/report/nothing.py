"""What to say, and what to type, where there is nothing to show."""

from pathlib import Path

import duckdb

from harness.cli.matrix import suggest
from harness.report.rows.fetch import fetch_as
from harness.report.rows.site import SiteExperiment
from harness.report.tables import make_tables
from infrastructure.errors import BenchError

RUN_A_BENCH = 'run a bench first, for example: nox -s "bench-3.12(asynctasq)" -- --quick'


def nothing_measured(
    connection: duckdb.DuckDBPyConnection, database: Path, experiment: str | None = None
) -> BenchError:
    """The error of a page that would be empty; ``experiment``: the one asked for."""
    known = [] if experiment is None else measured(connection)
    if experiment is None or not known:
        return BenchError(f"{database} holds no measuring trial: {RUN_A_BENCH}")
    return BenchError(
        f"{database} holds no measuring trial of experiment {experiment!r}: "
        f"{suggest(experiment, known)}"
    )


def measured(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The experiments with measuring trials."""
    make_tables(connection, ["report_wanted", "report_arm", "report_arm_trial"])
    return [row.experiment_id for row in fetch_as(SiteExperiment, connection, "site_experiments")]
