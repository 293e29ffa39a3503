"""What a million tasks cost, on the terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from harness.cli.numbers import number
from harness.cli.prices import Prices
from harness.report.costs import PARTS, Cost


def cost_table(found: Sequence[Cost], prices: Prices, most: int | None) -> Table:
    """A line an arm and load, with its interval where there are several trials."""
    title = (
        f"[bold]Costs[/] [dim]({prices.currency}, by \\[tool.bench.prices] of pyproject.toml)[/]"
    )
    made = Table(title=title, title_justify="left", title_style="", box=None, header_style="dim")
    for name in ("of", "load", "arm"):
        made.add_column(name, overflow="fold")
    for name in ("price", "interval", *PARTS):
        made.add_column(name, justify="right", no_wrap=True)
    for cost in found[:most]:
        made.add_row(*line(cost))
    return made


def line(cost: Cost) -> list[str]:
    several = len(cost.values) > 1
    spread = f"{number(cost.spread.low)} to {number(cost.spread.high)}" if several else "one trial"
    parts = {part: number(getattr(cost.parts, part)) for part in PARTS}
    if cost.without_broker:
        parts["broker"] = "not seen"
    words = [cost.of, cost.load, escape(cost.label)]
    return [*words, f"[bold]{number(cost.value)}[/]", f"[dim]{spread}[/]", *parts.values()]
