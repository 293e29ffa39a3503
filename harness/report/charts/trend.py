"""Medians over the experiments of a machine."""

from collections.abc import Hashable, Sequence

from matplotlib.axes import Axes

from harness.report.charts.axes import few_ticks, plain_grid
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, arms_of, mark
from harness.report.numbers import number
from harness.report.rows.grouped import grouped
from harness.report.rows.site import HistoryPoint, Stood

HEIGHT = 200  # px
MOST_DAYS = 4


def trend(title: str, unit: str, rows: Sequence[Stood], experiments: int) -> Panel:
    """A mark an experiment over the range of its trials; hollow: quick size. The axis holds all
    ``experiments`` of the machine, so that a step stands above the same step.

    Rows are of arms (``HistoryPoint``), or all of the machine itself.
    """

    def draw(axes: Axes) -> None:
        for own in grouped(rows, joined_by):
            draw_line(axes, own, unit)
        axes.set_ylim(0, max(row.high for row in rows) * 1.15 or 1.0)
        axes.set_xlim(0.5, experiments + 0.5)
        axes.set_xticks(*day_ticks(rows))
        few_ticks(axes.yaxis, 4)
        axes.set_xlabel("experiments, by the day")
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    arms = arms_of(row for row in rows if isinstance(row, HistoryPoint))
    ends = "; ".join(in_words(row, unit) for row in (rows[0], rows[-1]))
    return Panel(title, f"{title} over {experiments} experiments: {ends}", HEIGHT, draw, some=arms)


def joined_by(row: Stood) -> Hashable:
    """A line joins the experiments of an arm that agree in this."""
    return (row.arm, row.size, row.conditions) if isinstance(row, HistoryPoint) else None


def draw_line(axes: Axes, own: Sequence[Stood], unit: str) -> None:
    """One arm's experiments that may be joined, or the machine's own."""
    arms = arms_of(row for row in own if isinstance(row, HistoryPoint))
    shade, sign = (colour(arms[0]), marker(arms[0])) if arms else (INK, ".")
    places, medians = [row.place for row in own], [row.median for row in own]
    mark(axes.plot(places, medians, color=shade, linewidth=1.4), arms)
    for row in own:
        spread = axes.plot([row.place] * 2, [row.low, row.high], color=shade, linewidth=1)
        fill = "none" if is_quick(row) else shade
        dot = axes.plot(
            row.place, row.median, sign, color=shade, markersize=5, markerfacecolor=fill
        )
        mark(spread, arms)
        mark(dot, arms, in_words(row, unit))


def is_quick(row: Stood) -> bool:
    return isinstance(row, HistoryPoint) and row.size == "quick"


def in_words(row: Stood, unit: str) -> str:
    whose = f"{row.label}, " if isinstance(row, HistoryPoint) else ""
    size = ", quick size" if is_quick(row) else ""
    trials = "1 trial" if row.trials == 1 else f"{row.trials} trials"
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
