"""Lay out: medians as bars, of a backlog by arm and by role, and as a scenario itself wants."""

from collections.abc import Sequence

from harness.report.charts.bars import Bar, Dot, bars, grouped_bars
from harness.report.charts.panel import Panel
from harness.report.page.columns import CPU, MEMORY, RATES, names
from harness.report.page.measured import Measured, closed
from harness.report.rows.trials import Median, TrialValue
from harness.scenario.chart import Chart
from infrastructure.processes.role import Role

ROLES = (Role.WORKERS, Role.BROKER, Role.PRODUCER)  # in the order of the columns of CPU and memory


def bar(median: Median, group: str = "") -> Bar:
    return Bar(median.arm, median.label, median.median, median.unit, (median.arm,), group)


def dot(value: TrialValue, group: str = "") -> Dot:
    return Dot(value.arm, value.value, (value.arm,), group)


def rate_panels(found: Measured) -> list[Panel]:
    """Rates of backlogs."""
    panels = []
    for column in RATES[:3]:
        medians = [bar(median) for median in closed(found.medians_of(column.name))]
        dots = [dot(value) for value in closed(found.values_of(column.name))]
        if medians:
            panels.append(bars(column.heading, medians, dots, medians[0].unit))
    return panels


def role_panels(found: Measured) -> list[Panel]:
    """CPU and memory by role."""
    panels = []
    for title, columns in (("CPU per task", CPU), ("Peak memory (PSS)", MEMORY)):
        by_role = list(zip(ROLES, names(columns), strict=True))
        medians = [bar(m, role) for role, name in by_role for m in found.medians_of(name)]
        dots = [dot(v, role) for role, name in by_role for v in found.values_of(name)]
        if medians:
            panels.append(grouped_bars(title, medians, dots, medians[0].unit))
    return panels


def point_panel(chart: Chart, medians: Sequence[Median], values: Sequence[TrialValue]) -> Panel:
    """A chart of a scenario's own, a group a point."""
    bars_ = [bar(median, median.point) for median in medians]
    dots = [dot(value, value.point) for value in values]
    return grouped_bars(chart.title, bars_, dots, medians[0].unit)
