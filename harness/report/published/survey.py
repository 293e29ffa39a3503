"""The newest survey of a database, or of an export."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.report.page.select import Selection, select
from harness.report.rows.fetch import fetch_as
from harness.report.rows.site import SiteExperiment
from harness.report.tables import make_tables
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.restore import restore
from infrastructure.errors import BenchError

COMMAND = "survey"
MAKE_ONE = "nox -s survey makes one"
OF_EXPERIMENT = ("trial", "verdict", "change_point", "experiment")  # tables that exports begin from


def newest_survey(experiments: Sequence[SiteExperiment]) -> str | None:
    """Of these, the newest first; None where there is none."""
    return next((row.experiment_id for row in experiments if row.command == COMMAND), None)


def read_experiments(database: Path) -> list[SiteExperiment]:
    """Those with measuring trials, the newest first."""
    with open_database(database, read_only=True) as connection:
        make_tables(connection, ["report_wanted", "report_arm", "report_arm_trial"])
        return fetch_as(SiteExperiment, connection, "site_experiments")


@contextmanager
def alone(database: Path) -> Iterator[Path]:
    """A copy that holds nothing but the newest survey. Raises BenchError where there is none."""
    with TemporaryDirectory() as place:
        copy = Path(shutil.copy(database, place))
        own = newest_survey(read_experiments(copy))
        if own is None:
            raise BenchError(f"{database} holds no survey: {MAKE_ONE}")
        with open_database(copy) as connection:
            for table in OF_EXPERIMENT:
                connection.execute(sql("keep_experiment").format(table=table), [own])
        yield copy


def exported_survey(folder: Path) -> Selection:
    """Its rows. Raises BenchError where the export has none."""
    with TemporaryDirectory() as place:
        database = Path(place) / "results.duckdb"
        restore([folder], database)
        experiment = newest_survey(read_experiments(database))
        if experiment is None:
            raise BenchError(f"{folder} holds no survey: {MAKE_ONE}")
        return select(database, experiment)[0]
