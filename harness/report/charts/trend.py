"""Medians over the experiments of a machine."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from harness.report.charts.axes import few_ticks, plain_grid
from harness.report.charts.palette import INK, colour, marker
from harness.report.charts.panel import Panel, mark
from harness.report.numbers import number

HEIGHT = 200  # px
MOST_DAYS = 4


@dataclass(frozen=True)
class Stood:
    """An experiment's median over its trials, and their range.

    ``place``: the experiment's among those of the machine, from 1. ``arm`` is None for figures of
    the machine itself. A line joins the experiments of an arm that agree in size and conditions.
    """

    place: int
    day: str
    experiment_id: str
    trials: int
    median: float
    low: float
    high: float
    arm: int | None = None
    label: str = ""
    size: str = ""
    conditions: str = ""

    @property
    def is_quick(self) -> bool:
        return self.size == "quick"


def trend(title: str, unit: str, rows: Sequence[Stood], experiments: int) -> Panel:
    """A mark an experiment over the range of its trials; hollow: quick size. The axis holds all
    ``experiments`` of the machine, so that a step stands above the same step.
    """

    def draw(axes: Axes) -> None:
        for own in joined(rows):
            draw_line(axes, own, unit)
        axes.set_ylim(0, max(row.high for row in rows) * 1.15 or 1.0)
        axes.set_xlim(0.5, experiments + 0.5)
        axes.set_xticks(*day_ticks(rows))
        few_ticks(axes.yaxis, 4)
        axes.set_xlabel("experiments, by the day")
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    arms = dict.fromkeys(row.arm for row in rows if row.arm is not None)
    ends = "; ".join(in_words(row, unit) for row in (rows[0], rows[-1]))
    words = f"{title} over {experiments} experiments: {ends}"
    return Panel(title, words, HEIGHT, draw, some=tuple(arms))


def joined(rows: Sequence[Stood]) -> list[list[Stood]]:
    """Rows that one line may join."""
    lines: dict[tuple[int | None, str, str], list[Stood]] = {}
    for row in rows:
        lines.setdefault((row.arm, row.size, row.conditions), []).append(row)
    return list(lines.values())


def draw_line(axes: Axes, own: Sequence[Stood], unit: str) -> None:
    """One arm's experiments that may be joined, or the machine's own."""
    arm = own[0].arm
    shade, sign, arms = (INK, ".", ()) if arm is None else (colour(arm), marker(arm), (arm,))
    line = axes.plot(
        [row.place for row in own], [row.median for row in own], color=shade, linewidth=1.4
    )
    mark(line, arms)
    for row in own:
        spread = axes.plot([row.place] * 2, [row.low, row.high], color=shade, linewidth=1)
        dot = axes.plot(
            row.place, row.median, sign, color=shade, markersize=5,
            markerfacecolor="none" if row.is_quick else shade,
        )  # fmt: skip
        mark(spread, arms)
        mark(dot, arms, in_words(row, unit))


def in_words(row: Stood, unit: str) -> str:
    whose = f"{row.label}, " if row.label else ""
    size = ", quick size" if row.is_quick else ""
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
