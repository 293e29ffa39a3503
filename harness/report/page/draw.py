"""Draw: every panel of the page as an SVG of its own."""

import time
from collections.abc import Callable, Mapping

from harness.cli.progress import clock, seconds_left
from harness.report.page.layout import Layout
from harness.report.render import Drawn, svgs

Drawings = Mapping[str, list[Drawn]]  # by the name of the figure


def draw(layout: Layout, say: Callable[[str], None]) -> Drawings:
    """The drawings of every figure; says how far it is, scenario by scenario."""
    drawn: dict[str, list[Drawn]] = {}
    begun, total = time.monotonic(), len(layout.sections)
    for done, section in enumerate(layout.sections):
        left = f", about {clock(seconds_left(begun, done, total))} left" if done else ""
        say(f"drawing {section.name}, {done + 1} of {total}{left}")
        drawn |= {figure.name: svgs(figure.panels) for figure in section.figures}
    others = {
        "trade_off": layout.trade_off,
        "blocks": layout.blocks,
        "series": layout.versions,
        "history": layout.releases,
        "drivers": layout.brokers,
        "costs": layout.cost_panels,
    }
    return drawn | {name: svgs(panels) for name, panels in others.items()}
