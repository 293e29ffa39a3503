"""Write: the page as HTML."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.report import costs
from harness.report.flamegraph.shares import signed
from harness.report.page import brokers
from harness.report.page.caveats import interleaved
from harness.report.page.draw import Drawings
from harness.report.page.figures import DOTS
from harness.report.page.filters import facets, script_data
from harness.report.page.findings import findings
from harness.report.page.first_screen import first_screen
from harness.report.page.layout import Layout
from harness.report.page.overview import LEGEND
from harness.report.page.pivot import pivots
from harness.report.page.profiles import by_load, linked
from harness.report.page.queries import shown_queries
from harness.report.page.select import QUERIES, Grown
from harness.report.page.verdicts import explained
from harness.report.render import FILTERS, render
from harness.report.rows.grouped import grouped


@dataclass(frozen=True)
class Places:
    """The database, the folder of the report, and the folder that files of profiler passes are
    beside; whether charts are files beside the report too.
    """

    database: Path
    out: Path
    base: Path
    pictures: bool = True


def page(layout: Layout, drawn: Drawings, grown: Grown, places: Places) -> str:
    """The page of a layout; ``drawn``: its drawings; ``grown``: functions beside verdicts."""
    found = layout.found
    names, pivoted = pivots(layout.rankings, found.arms)
    values: dict[str, Any] = {name: getattr(found, name) for name in QUERIES}
    values |= shown_queries() | {
        "pivots": pivoted,
        "brokers": names,
        "first": first_screen(found, layout.rankings),
        "drawn": drawn,
        "totals": found.totals[0],
        "sections": layout.sections,
        "arms_in": {s.name: " ".join(map(str, s.arms)) for s in layout.sections},
        "blocks_left_out": layout.blocks_left_out,
        "profiles": linked(found.profiles, places.base, places.out),
        "functions": by_load(found.functions),
        "allocations": by_load(found.allocations),
        "packages": grouped(found.packages, lambda package: package.arm),
        "verdicts": explained(found.verdicts, found.flamegraphs, grown, places.out),
        "interleaved": interleaved(found.origins),
        "stripes": layout.overview,
        "legend": LEGEND,
        "driver_series": brokers.broker_series(found.drivers),
        "drivers_caption": brokers.CAPTION,
        "priced": layout.costs,
        "prices": layout.prices,
        "costs_caption": f"{DOTS} {costs.CAPTION}",
        "costs_interval": costs.interval_said(layout.costs),
        "facets": facets(found),
        "slides": {slide.question.scenario for slide in layout.slides},
        "findings": findings(arm.framework for arm in found.arms),
        "script_data": asdict(script_data(found)),
        "pictures": places.pictures,
        "database": places.database.name,
    }
    return render("report/page", values, FILTERS | {"signed": signed})
