"""What an answer needs beside states and medians."""

from harness.report.rows.row import row


@row
class PairVerdict:
    """The latest verdict on two arms of the page. Figures are None where it is invalid.
    ``…_pinned``: whether that arm's workers kept to cores when it was measured for the verdict.
    """

    scenario: str
    point: str
    metric: str
    baseline: int
    candidate: int
    kind: str
    ratio: float | None
    low: float | None
    high: float | None
    n: int
    size: str
    baseline_pinned: bool
    candidate_pinned: bool
