"""What an answer needs beside states and medians."""

from harness.report.rows.row import row


@row
class PairVerdict:
    """The latest verdict on two arms of the page. Figures are None where it is invalid."""

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
