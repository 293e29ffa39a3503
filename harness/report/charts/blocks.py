"""Two arms block by block."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from harness.report.charts.axes import few_ticks, plain_grid, whole_ticks
from harness.report.charts.palette import RULE, colour, glyph, marker
from harness.report.charts.panel import Panel, mark, page_arms_of
from harness.report.numbers import number
from harness.report.rows.verdicts import BlockValue

HEIGHT = 190  # px
BASELINE, CANDIDATE = 1, 2  # as BlockValue.arm has them


def blocks(title: str, rows: Sequence[BlockValue]) -> Panel:
    """A line between the two values of a block."""
    both = page_arms_of(rows)

    def draw(axes: Axes) -> None:
        for block in dict.fromkeys(row.block for row in rows):
            ends = [row.value for row in rows if row.block == block]
            axes.plot([block, block], [min(ends), max(ends)], color=RULE, linewidth=2)
        for arm in (BASELINE, CANDIDATE):
            draw_values(axes, [row for row in rows if row.arm == arm], both)
        axes.set_ylim(0, max(row.value for row in rows) * 1.1)
        whole_ticks(axes.xaxis, 6)
        few_ticks(axes.yaxis, 4)
        axes.set_xlabel("block")
        axes.set_ylabel(rows[0].unit)
        plain_grid(axes, "y")

    names = f"{glyph(BASELINE)} {rows[0].baseline}, {glyph(CANDIDATE)} {rows[0].candidate}"
    said = higher_in_words(rows)
    words = f"{title}, block by block: {said}"
    return Panel(title, words, HEIGHT, draw, f"{names}. {said}.", every=both)


def draw_values(axes: Axes, own: Sequence[BlockValue], both: Sequence[int]) -> None:
    """The values of one of the two."""
    for row in own:
        dot = axes.plot(row.block, row.value, marker(row.arm), color=colour(row.arm), markersize=5)
        name = row.baseline if row.arm == BASELINE else row.candidate
        mark(dot, both, f"{name}, block {row.block}: {number(row.value)} {row.unit}")


def higher_in_words(rows: Sequence[BlockValue]) -> str:
    """In how many blocks, of those that have both, the candidate's value is the higher one."""
    values: dict[int, dict[int, float]] = {}
    for row in rows:
        values.setdefault(row.block, {})[row.arm] = row.value
    both = [found for found in values.values() if len(found) == 2]
    higher = sum(found[CANDIDATE] > found[BASELINE] for found in both)
    return f"{higher} of {len(both)} blocks have the higher value in {rows[0].candidate}"
