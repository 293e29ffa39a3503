"""``report -- --summary``: the answer as Markdown, without a page."""

from pathlib import Path

from harness.report.answer.markdown import summary
from harness.report.answer.ranking import kills, rankings
from harness.report.page.caveats import caveats
from harness.report.page.select import select
from harness.report.page.where import where


def summarised(database: Path, experiment: str | None = None) -> str:
    """Of one experiment, or of the latest of every arm. Raises BenchError where there is none."""
    found, _ = select(database, experiment)
    return summary(rankings(found.facts), where(found), caveats(found), kills(found.facts))
