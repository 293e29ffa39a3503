"""Two arms block by block."""

from collections.abc import Sequence

from harness.cli.numbers import number
from harness.report.charts.axes import named
from harness.report.charts.palette import RULE, colour, glyph, marker
from harness.report.charts.panel import Panel, page_arms_of
from harness.report.charts.plot import Line, Plot, Spot, Tag
from harness.report.rows.verdicts import BlockValue

HEIGHT = 190  # px
BASELINE, CANDIDATE = 1, 2  # as BlockValue.arm has them


def blocks(title: str, rows: Sequence[BlockValue]) -> Panel:
    """A line between the two values of a block."""
    both = page_arms_of(rows)

    def draw(plot: Plot) -> None:
        numbers = list(dict.fromkeys(row.block for row in rows))
        for block in numbers:
            ends = [row.value for row in rows if row.block == block]
            plot.add(Line(xs=[block] * 2, ys=[min(ends), max(ends)], colour=RULE, width=2))
        for arm in (BASELINE, CANDIDATE):
            draw_values(plot, [row for row in rows if row.arm == arm], both)
        plot.x.ends(min(numbers) - 0.5, max(numbers) + 0.5)
        plot.y.ends(0, max(row.value for row in rows) * 1.1 or 1.0)
        plot.x.few(6, whole=True)
        plot.y.few(4)
        plot.y.grid = True
        named(plot, "block", rows[0].unit)

    names = f"{glyph(BASELINE)} {rows[0].baseline}, {glyph(CANDIDATE)} {rows[0].candidate}"
    said = higher_in_words(rows)
    words = f"{title}, block by block: {said}"
    return Panel(title, words, HEIGHT, draw, f"{names}. {said}.", every=both)


def draw_values(plot: Plot, own: Sequence[BlockValue], both: Sequence[int]) -> None:
    """The values of one of the two."""
    for row in own:
        name = row.baseline if row.arm == BASELINE else row.candidate
        tag = Tag(tuple(both), f"{name}, block {row.block}: {number(row.value)} {row.unit}")
        sign, shade = marker(row.arm), colour(row.arm)
        plot.add(Spot(x=row.block, y=row.value, sign=sign, colour=shade, tag=tag))


def higher_in_words(rows: Sequence[BlockValue]) -> str:
    """In how many blocks, of those that have both, the candidate's value is the higher one."""
    values: dict[int, dict[int, float]] = {}
    for row in rows:
        values.setdefault(row.block, {})[row.arm] = row.value
    both = [found for found in values.values() if len(found) == 2]
    higher = sum(found[CANDIDATE] > found[BASELINE] for found in both)
    return f"{higher} of {len(both)} blocks have the higher value in {rows[0].candidate}"
