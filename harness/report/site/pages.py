"""The pages of a site around its reports, and what all of them lead to."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.cli.prices import read_prices
from harness.report.claims.answers import AnsweredClaim
from harness.report.claims.page import tally
from harness.report.page.apart import QUERIES
from harness.report.page.columns import of_scenarios
from harness.report.page.queries import shown_queries
from harness.report.page.select import select
from harness.report.published import series as published
from harness.report.published.claims import figures, read_answered, shown
from harness.report.published.questions import first_answers, read_questions
from harness.report.published.survey import newest_survey
from harness.report.rows.fetch import fetch_as
from harness.report.rows.history import BesideFixed, ConfirmedStep
from harness.report.rows.site import SiteExperiment
from harness.report.rows.verdicts import ChangePoint, VersionValue
from harness.report.site.answer import Answer, front
from harness.report.site.documents import Document, write_documents
from harness.report.site.folder import Site
from harness.report.site.frameworks import Series, write_frameworks
from harness.report.site.history import HISTORY, write_history
from harness.report.site.trials import has_report, write_trials
from harness.report.tables import FIGURES, make_tables
from harness.store.database import open_database

LEADING = (
    "claims",
    "series",
    "questions",
    "findings",
    "method",
)  # documents that every page leads to


def write_pages(
    database: Path,
    site: Site,
    experiments: Sequence[SiteExperiment],
    written: Sequence[Document],
) -> int:
    """All but the reports; returns the number of trends."""
    survey = newest_survey(experiments)
    answer = Answer(select(database, survey)[0], survey)
    site.write_style()
    write_trials(database, site, experiments)
    write_documents(site, written, [row.experiment_id for row in experiments])
    answered = read_answered(database)
    write_frameworks(site, answer, read_series(database), answered)
    listed = {"experiments": experiments, "documents": written, "latest": has_latest(site)}
    told = {
        "claims": told_of(answered),
        "series": published.read_series(database),
        "asked": first_answers(read_questions(database), read_prices()),
        "reported": has_report(site),
    }
    site.write(QUERIES, "queries", shown_queries())
    site.write("index.html", "front", front(answer) | listed | told)
    return write_history(database, site)


def told_of(found: Sequence[AnsweredClaim]) -> dict[str, Any]:
    """Claims as the front page has them; nothing where none was measured."""
    return {"tally": tally(found), "shown": shown(found), "figures": figures} if found else {}


def has_latest(site: Site) -> bool:
    return (site.out / "latest" / "index.html").exists()


def navigation(written: Sequence[Document]) -> list[tuple[str, str]]:
    """What every page leads to."""
    known = {document.name: document.address for document in written}
    return [
        ("Answer", "index.html"),
        *((name.capitalize(), known[name]) for name in LEADING if name in known),
        ("Experiments", "index.html#experiments"),
        ("History", HISTORY),
    ]


def read_series(database: Path) -> Series:
    """Every series of versions and of releases."""
    with open_database(database, read_only=True) as connection:
        make_tables(connection, [f"report_{name}" for name in FIGURES])
        asked = {"primary": of_scenarios()["primary"]}
        return Series(
            fetch_as(VersionValue, connection, "report_series"),
            fetch_as(ChangePoint, connection, "report_changes"),
            fetch_as(BesideFixed, connection, "report_history", asked),
            fetch_as(ConfirmedStep, connection, "report_history_steps"),
        )
