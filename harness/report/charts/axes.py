"""Names at the ends of lines, and labels of two lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.charts.panel import TEXT
from harness.report.charts.plot import Plot, Tag, Words

LONG = 22  # characters
MOST = 26  # of a line: more would leave nothing of a panel for what is drawn


@dataclass(frozen=True)
class End:
    """Where the line of an arm ends, and its name."""

    x: float
    y: float
    arm: int
    label: str


def named(plot: Plot, across: str, up: str) -> None:
    """Write what the axes are of."""
    plot.x.label, plot.y.label = across, up


def two_lines(label: str) -> str:
    """A long label after its first part; half of a panel is for what is drawn."""
    if len(label) <= LONG:
        return label
    first, dot, rest = label.partition(" · ")
    if dot:
        return f"{shortened(first)}\n{shortened(rest)}"
    first, plus, rest = label.partition("+")  # of a commit, what is not committed
    return f"{first}\n{plus}{rest}" if plus else shortened(label)


def shortened(line: str) -> str:
    """Without its middle where it is too long: arms differ at their ends."""
    if len(line) <= MOST:
        return line
    kept = MOST // 2
    return f"{line[: kept - 1]}…{line[-kept:]}"


def label_ends(plot: Plot, ends: Sequence[End], height: int) -> None:
    """Write each arm's label right of its line's end, pushed apart where they would overlap.

    The shift is in px from the point; it needs the ends of the axes to be set already. Where they
    would not fit at all, colours and markers have to do: the key names them.
    """
    lines = [two_lines(end.label).count("\n") + 1 for end in ends]
    gap = (TEXT + 2.5) * max(lines, default=1)
    inner = height - 60
    if gap * len(ends) > inner:
        return
    last = float("-inf")
    for end in sorted(ends, key=lambda end: end.y):
        at = plot.y.share(end.y) * inner
        free = last = max(at, last + gap)
        label = two_lines(end.label)
        plot.add(Words(x=end.x, y=end.y, text=label, shift=(7, free - at), tag=Tag((end.arm,))))
