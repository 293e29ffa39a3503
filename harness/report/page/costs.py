"""Lay out: what a million tasks cost, and a month of waiting for some."""

from collections.abc import Sequence

from harness.cli.numbers import in_words
from harness.report.charts.bars import Bar, Dot, bars
from harness.report.charts.palette import COLOURS
from harness.report.charts.panel import Panel
from harness.report.costs import Cost, headline
from harness.report.rows.grouped import grouped
from harness.report.titles import capital


def cost_panels(found: Sequence[Cost], currency: str) -> list[Panel]:
    """A panel each of what a reader looks for first; of more arms than colours the cheapest."""
    same = grouped(headline(found), lambda each: (each.of, each.scenario, each.point))
    return [cost_panel(own[: len(COLOURS)], currency) for own in same]


def cost_panel(own: Sequence[Cost], currency: str) -> Panel:
    made = [Bar(each.arm, each.label, each.value, currency, (each.arm,)) for each in own]
    dots = [Dot(each.arm, value, (each.arm,)) for each in own for value in each.values]
    return bars(title_of(own[0]), made, dots, currency)


def title_of(cost: Cost) -> str:
    """``A million tasks, throughput``, with the load where the scenario has several."""
    return f"{capital(cost.of)}, {in_words(cost.load)}"
