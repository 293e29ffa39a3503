"""What a series of releases measured."""

from collections.abc import Sequence

from harness.report.rows.of_cell import OfArm
from harness.report.rows.place import OfMetric
from harness.report.rows.row import row
from harness.report.rows.verdicts import OfPair


@row
class BesideFixed(OfMetric, OfArm):
    """A release over the ``fixed`` one in a block; ``place``: in order of versions. ``day``: of the
    release, None where the series does not say.
    """

    place: int
    fixed: str
    day: str | None
    page_arms: Sequence[int]
    block: int
    ratio: float

    @property
    def version(self) -> str:
        return self.framework_version


@row
class ConfirmedStep(OfPair):
    """Of two releases in a row, with the 95 % interval of the new blocks."""

    ratio: float
    low: float
    high: float
    sentence: str
