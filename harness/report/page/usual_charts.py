"""Lay out: the figures of a scenario that leaves to the report what is drawn."""

from harness.report.charts.panel import Panel
from harness.report.page.bars import rate_panels, role_panels
from harness.report.page.distributions import LATENCY_CAPTION, latency_panels
from harness.report.page.figures import DOTS, LINES, Figure
from harness.report.page.loads import LATENCIES, RESOURCES, load_panels
from harness.report.page.measured import Measured, opened
from harness.report.page.over_time import over_time
from harness.report.page.search import SEARCH_CAPTION, search_panels


def usual_figures(found: Measured) -> list[Figure]:
    """Rates, latency, the rate that holds an objective, resources, and what there is over time."""
    name, open_loop = found.name, bool(opened(found.states))
    return [
        Figure("Rates", DOTS, rate_panels(found), f"{name}-rate", picture="throughput_comparison"),
        Figure(
            "Latency by load",
            LINES,
            load_panels(found, LATENCIES),
            f"{name}-load",
            picture="latency_comparison",
        ),
        Figure(
            "Latency distribution",
            LATENCY_CAPTION,
            latency_panels(found),
            f"{name}-distribution",
            ["distribution"],
            "latency_distribution",
        ),
        Figure(
            "The rate that holds an objective",
            SEARCH_CAPTION,
            search_panels(found),
            f"{name}-search",
            ["search"],
        ),
        Figure(
            "CPU and memory",
            LINES if open_loop else DOTS,
            resource_panels(found, open_loop=open_loop),
            f"{name}-resource",
            picture="resource_usage",
        ),
        *over_time(found, every_depth=True),
    ]


def resource_panels(found: Measured, *, open_loop: bool) -> list[Panel]:
    """CPU and memory: bars by role for a backlog, the workers' lines over load for an open loop."""
    return load_panels(found, RESOURCES, log=False) if open_loop else role_panels(found)
