"""``report -- --summary``: the answer as Markdown, without a page."""

from pathlib import Path

from harness.report.answer.markdown import summary
from harness.report.answer.ranking import rankings
from harness.report.page.pictures import CAVEAT, INTERLEAVED, QUICK, interleaved
from harness.report.page.select import select
from harness.report.page.where import where


def summarised(database: Path, experiment: str | None = None) -> str:
    """Of one experiment, or of the latest of every arm. Raises BenchError where there is none."""
    found, _ = select(database, experiment)
    caveats = [INTERLEAVED if interleaved(found.origins) else CAVEAT]
    if found.totals[0].quick_experiments:
        caveats.append(QUICK)
    return summary(rankings(found.facts), where(found), caveats)
