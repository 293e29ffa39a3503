"""What a million tasks cost, on the terminal."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape

from harness.cli.numbers import number
from harness.cli.prices import Prices
from harness.report.costs import PARTS, Cost, interval_said
from harness.report.rows.grouped import grouped
from harness.report.terminal.groups import Column, InGroups
from harness.report.titles import capital


def cost_tables(found: Sequence[Cost], prices: Prices, most: int) -> Iterator[RenderableType]:
    """A table a load, with a line an arm and its interval where there are several trials, and how
    sure that is.
    """
    yield f"[bold]Costs[/] [dim]({prices.currency}, by \\[tool.bench.prices] of pyproject.toml)[/]"
    for own in grouped(found[:most], lambda cost: (cost.of, cost.load)):
        yield f"{escape(capital(own[0].of))}, {escape(own[0].load)}"
        yield cost_table(own)
    if said := interval_said(found[:most]):
        yield f"[dim]{said}[/]"


def cost_table(own: Sequence[Cost]) -> InGroups:
    total = [
        Column("price", [f"[bold]{number(cost.value)}[/]" for cost in own]),
        Column("interval", [interval(cost) for cost in own], "dim"),
    ]
    paid = [part for part in PARTS if any(getattr(cost.parts, part) for cost in own)]
    parts = [[Column(part, [share(cost, part) for cost in own])] for part in paid]
    if "requests" in paid:
        parts[-1].append(Column("how many", [asked(cost) for cost in own], "dim"))
    return InGroups(Column("arm", [escape(cost.label) for cost in own]), [total, *parts])


def interval(cost: Cost) -> str:
    if len(cost.values) == 1:
        return "one trial"
    return f"{number(cost.spread.low)} to {number(cost.spread.high)}"


def asked(cost: Cost) -> str:
    """How many requests are paid for."""
    return "" if cost.asked is None else number(cost.asked)


def share(cost: Cost, part: str) -> str:
    """What is paid for it."""
    if part == "broker" and cost.without_broker:
        return "not seen"
    return number(getattr(cost.parts, part))
