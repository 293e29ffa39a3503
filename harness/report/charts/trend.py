"""Medians over the experiments of a machine."""

from collections.abc import Hashable, Sequence

from harness.cli.numbers import number
from harness.report.charts.axes import named
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, arms_of
from harness.report.charts.plot import Line, Plot, Spot, Tag
from harness.report.charts.scale import Tick
from harness.report.rows.grouped import grouped
from harness.report.rows.site import HistoryPoint, Stood
from infrastructure.counted import counted

HEIGHT = 200  # px
MOST_DAYS = 4


def trend(title: str, unit: str, rows: Sequence[Stood], experiments: int) -> Panel:
    """A mark an experiment over the range of its trials; hollow: quick size. The axis holds all
    ``experiments`` of the machine, so that a step stands above the same step.

    Rows are of arms (``HistoryPoint``), or all of the machine itself.
    """

    def draw(plot: Plot) -> None:
        for own in grouped(rows, joined_by):
            draw_line(plot, own, unit)
        plot.y.ends(0, max(row.high for row in rows) * 1.15 or 1.0)
        plot.x.ends(0.5, experiments + 0.5)
        plot.x.ticks = [Tick(at, day) for at, day in zip(*day_ticks(rows), strict=True)]
        plot.y.few(4)
        plot.y.grid = True
        named(plot, "experiments, by the day", unit)

    arms = arms_of(row for row in rows if isinstance(row, HistoryPoint))
    ends = "; ".join(in_words(row, unit) for row in (rows[0], rows[-1]))
    return Panel(title, f"{title} over {experiments} experiments: {ends}", HEIGHT, draw, some=arms)


def joined_by(row: Stood) -> Hashable:
    """A line joins the experiments of an arm that agree in this."""
    return (row.arm, row.size, row.conditions) if isinstance(row, HistoryPoint) else None


def draw_line(plot: Plot, own: Sequence[Stood], unit: str) -> None:
    """One arm's experiments that may be joined, or the machine's own."""
    arms = arms_of(row for row in own if isinstance(row, HistoryPoint))
    shade, sign = (colour(arms[0]), marker(arms[0])) if arms else (INK, ".")
    xs, tag = [row.place for row in own], Tag(arms)
    plot.add(Line(xs=xs, ys=[row.median for row in own], colour=shade, width=1.4, tag=tag))
    for row in own:
        x, said, hollow = row.place, Tag(arms, in_words(row, unit)), is_quick(row)
        plot.add(Line(xs=[x] * 2, ys=[row.low, row.high], colour=shade, width=1, tag=tag))
        plot.add(Spot(x=x, y=row.median, sign=sign, colour=shade, hollow=hollow, tag=said))


def is_quick(row: Stood) -> bool:
    return isinstance(row, HistoryPoint) and row.size == "quick"


def in_words(row: Stood, unit: str) -> str:
    whose = f"{row.label}, " if isinstance(row, HistoryPoint) else ""
    size = ", quick size" if is_quick(row) else ""
    trials = counted(row.trials, "trial")
    value = f"{number(row.median)} {unit}".strip()
    return f"{whose}{row.day}, experiment {row.experiment_id}: {value} ({trials}{size})"


def day_ticks(rows: Sequence[Stood], most: int = MOST_DAYS) -> tuple[list[int], list[str]]:
    """Where on the axis of experiments a day begins, and the day; not more than ``most``."""
    begun: dict[str, int] = {}
    for row in rows:
        begun[row.day] = min(row.place, begun.get(row.day, row.place))
    days = sorted(begun)
    kept = days[:: -(-len(days) // most)]
    return [begun[day] for day in kept], kept
