"""Lay out: all that the page shows of what was selected, before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.prices import Prices, read_prices
from harness.report.answer.ranking import Ranking, rankings
from harness.report.charts.panel import Panel
from harness.report.costs import Cost, costs
from harness.report.page import pictures
from harness.report.page.brokers import broker_panels
from harness.report.page.costs import cost_panels
from harness.report.page.overview import Stripe, stripes
from harness.report.page.sections import Section, section
from harness.report.page.select import Selection
from harness.report.page.slides import slides_of
from harness.report.page.trade_off import trade_off_panels
from harness.report.page.verdicts import (
    MOST_BLOCKS,
    block_panels,
    release_panels,
    version_panels,
)


@dataclass(frozen=True)
class Layout:
    """The answer, the overview, sections and slides by scenario, and the panels that stand in
    others.
    """

    found: Selection
    rankings: Sequence[Ranking]
    trade_off: Sequence[Panel]
    overview: list[Stripe]
    sections: list[Section]
    slides: Sequence[Ranking]
    blocks: Sequence[Panel]
    blocks_left_out: int
    versions: Sequence[Panel]
    releases: Sequence[Panel]
    brokers: Sequence[Panel]
    prices: Prices
    costs: Sequence[Cost]
    cost_panels: Sequence[Panel]

    @property
    def pictures(self) -> dict[str, Sequence[Panel]]:
        """The panels of each picture beside the page; some have none."""
        return {
            **pictures.of_sections(self.sections),
            pictures.TRADE_OFF: self.trade_off,
            pictures.BROKERS: self.brokers,
            pictures.VERSIONS: [*self.versions, *self.releases],
        }


def lay_out(found: Selection) -> Layout:
    blocks = block_panels(found.blocks)
    ranked, prices = rankings(found.facts), read_prices()
    priced = costs(found.costs, prices)
    return Layout(
        found,
        ranked,
        trade_off_panels(ranked),
        stripes(found),
        [section(found, scenario) for scenario in found.scenarios()],
        slides_of(found.facts),
        blocks[:MOST_BLOCKS],
        max(0, len(blocks) - MOST_BLOCKS),
        version_panels(found.series, found.changes),
        release_panels(found.history, found.history_steps),
        broker_panels(found.drivers),
        prices,
        priced,
        cost_panels(priced, prices.currency),
    )
