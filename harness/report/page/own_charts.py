"""Lay out: the figures of a scenario that says itself what is drawn of its points."""

from collections.abc import Sequence

from harness.cli.numbers import in_words
from harness.report.charts.heat_map import GridAxes, Spot, heat_map
from harness.report.charts.panel import Panel
from harness.report.page.bars import point_panel
from harness.report.page.distributions import LATENESS_CAPTION, lateness_panels, without_panel
from harness.report.page.figures import Figure
from harness.report.page.loads import line_panel
from harness.report.page.measured import Measured
from harness.report.page.over_time import (
    FAULT_CAPTION,
    SOAK_CAPTION,
    checkpoint_panels,
    completion_panels,
    over_time,
)
from harness.report.rows.grouped import grouped
from harness.report.rows.place import AtPoint
from harness.scenario.chart import Chart
from harness.scenario.primary import Better
from harness.scenario.scenario import Scenario


def own_figures(found: Measured, scenario: Scenario) -> list[Figure]:
    """The charts that the scenario names, and what there is over time."""
    name = found.name
    return [
        Figure(
            "By load or setting",
            "Each dot is a trial. Bars, lines and figures are medians of the valid trials.",
            chart_panels(found, scenario.charts),
            f"{name}-own",
        ),
        Figure(
            "Tasks completed over time",
            FAULT_CAPTION,
            completion_panels(found),
            f"{name}-completions",
            ["completions"],
        ),
        Figure(
            "Lateness distribution",
            LATENESS_CAPTION + without_panel(found),
            lateness_panels(found),
            f"{name}-lateness",
            ["distribution", "early"],
        ),
        Figure(
            "By processes and reserved tasks",
            "Medians of the valid trials; the framed cell is the best.",
            grid_panels(found, scenario),
            f"{name}-grid",
            ["metrics"],
        ),
        Figure(
            "Over time", SOAK_CAPTION, checkpoint_panels(found), f"{name}-time", ["checkpoints"]
        ),
        *over_time(found, every_depth=scenario.depth),
    ]


def chart_panels(found: Measured, charts: Sequence[Chart]) -> list[Panel]:
    """A panel a chart that is no grid: bars by point, or lines over another metric."""
    panels = []
    for chart in charts:
        medians = about(chart, found.medians_of(chart.metric))
        values = about(chart, found.values_of(chart.metric))
        if chart.grid or not medians:
            continue
        if not chart.over:
            panels.append(point_panel(chart, medians, values))
        elif found.medians_of(chart.over):  # else there is no trial to place on its axis
            panels.append(line_panel(found, chart, medians, values))
    return panels


def about[T: AtPoint](chart: Chart, rows: Sequence[T]) -> list[T]:
    """Rows of the points that a chart is about."""
    return [row for row in rows if not chart.points or row.point in chart.points]


def grid_panels(found: Measured, scenario: Scenario) -> list[Panel]:
    """A heat map an arm and chart that has a grid."""
    panels = []
    for chart in scenario.charts:
        if chart.grid:
            higher = scenario.primary_named(chart.metric).better is Better.HIGHER
            for title, spots in spots_by_title(found, chart, chart.grid):
                unit, named = found.units[chart.metric], GridAxes(*map(in_words, chart.grid))
                panels.append(heat_map(title, spots, unit, named, higher=higher))
    return panels


def spots_by_title(
    found: Measured, chart: Chart, grid: tuple[str, str]
) -> list[tuple[str, list[Spot]]]:
    """The medians of each arm, each at its point's place on the grid."""
    titled = []
    for own in grouped(found.medians_of(chart.metric), lambda median: median.label):
        spots = []
        for median in own:
            across, down = (found.median(median, name) for name in grid)
            if across is not None and down is not None:
                spots.append(Spot(median.arm, across, down, median.median))
        if spots:
            titled.append((f"{chart.title}: {own[0].label}", spots))
    return titled
