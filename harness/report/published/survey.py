"""The newest survey of a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.report.page.select import Selection, select
from harness.report.published.grounds import Ground, read_grounds
from harness.report.rows.fetch import fetch_as
from harness.report.rows.site import SiteExperiment
from harness.report.tables import make_tables
from harness.store.database import open_database

COMMAND = "survey"


@dataclass(frozen=True)
class Survey:
    """Its rows, and what it was measured on."""

    found: Selection
    ground: Ground


def newest_survey(experiments: Sequence[SiteExperiment]) -> str | None:
    """Of these, the newest first; None where there is none."""
    return next((row.experiment_id for row in experiments if row.command == COMMAND), None)


def read_experiments(database: Path) -> list[SiteExperiment]:
    """Those with measuring trials, the newest first."""
    with open_database(database, read_only=True) as connection:
        make_tables(connection, ["report_wanted", "report_arm", "report_arm_trial"])
        return fetch_as(SiteExperiment, connection, "site_experiments")


def survey_in(database: Path) -> list[str]:
    """The newest, if there is one."""
    newest = newest_survey(read_experiments(database))
    return [newest] if newest else []


def read_survey(database: Path) -> Survey | None:
    """The newest; None where there is none."""
    for experiment in survey_in(database):
        return Survey(select(database, experiment)[0], read_grounds(database)[experiment])
    return None
