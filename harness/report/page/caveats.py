"""What the figures of a page are worth, in sentences."""

from collections.abc import Sequence

from harness.report.page.select import Selection
from harness.report.rows.arms import Origin
from harness.report.rows.grouped import grouped

CAVEAT = "Arms measured one after the other: a description, not a verdict."
INTERLEAVED = "Arms measured in turns, block by block. Medians describe; verdicts compare."
QUICK = "Quick size: a first look; don't quote its numbers."
INTERLEAVING = {"compare", "regress", "series", "survey", "claims"}  # commands


def caveats(found: Selection) -> list[str]:
    """How it was measured, then the size where that is quick."""
    how = INTERLEAVED if interleaved(found.origins) else CAVEAT
    return [how, *[QUICK] * bool(found.totals[0].quick_experiments)]


def interleaved(origins: Sequence[Origin]) -> bool:
    """Whether the arms shown of every scenario come from one experiment that interleaves."""
    return all(
        own[0].command in INTERLEAVING and len({row.experiment_id for row in own}) == 1
        for own in grouped(origins, lambda row: row.scenario)
    )
