"""Lay out: metrics over the offered load, and over another metric as a scenario itself wants."""

from collections.abc import Mapping, Sequence

from harness.cli.numbers import in_words
from harness.report.charts.loads import Placed, PlacedMedian, PlacedTrial, Scales, by_load
from harness.report.charts.panel import Panel
from harness.report.page.measured import Measured, opened
from harness.report.rows.trials import Median, TrialValue
from harness.scenario.chart import Chart

LATENCIES = {"sojourn_p50": "Sojourn p50", "sojourn_p99": "Sojourn p99"}
RESOURCES = {
    "workers_cpu_per_task": "CPU per task, workers",
    "broker_cpu_per_task": "CPU per task, broker",
    "workers_pss_peak": "Peak memory (PSS), workers",
}
Places = Mapping[tuple[str, int], float]  # on the axis across, by point and arm


def load_panels(found: Measured, named: Mapping[str, str], *, log: bool = True) -> list[Panel]:
    """A panel a metric over the offered load; ``named`` maps metrics to titles."""
    offered = {key: load for key, load in found.offered.items() if load is not None}
    void = [
        Placed(state.arm, state.label, state.point, offered[state.point, state.arm])
        for state in opened(found.states)
        if not state.ok
    ]
    panels = []
    for name, title in named.items():
        medians = placed(opened(found.medians_of(name)), offered)
        trials = placed_trials(opened(found.values_of(name)), offered)
        if medians:
            scales = Scales(found.units[name], log_y=log)
            panels.append(by_load(title, medians, trials, void, scales))
    return panels


def placed(medians: Sequence[Median], places: Places) -> list[PlacedMedian]:
    """Medians that have a place."""
    return [
        PlacedMedian(m.arm, m.label, m.point, places[m.point, m.arm], m.median, m.low, m.high)
        for m in medians
        if (m.point, m.arm) in places
    ]


def placed_trials(values: Sequence[TrialValue], places: Places) -> list[PlacedTrial]:
    return [
        PlacedTrial(v.arm, v.label, v.point, places[v.point, v.arm], v.value)
        for v in values
        if (v.point, v.arm) in places
    ]


def line_panel(
    found: Measured, chart: Chart, medians: Sequence[Median], values: Sequence[TrialValue]
) -> Panel:
    """Lines of a chart's metric over its other one, at the medians of that."""
    places = {(m.point, m.arm): m.median for m in found.medians_of(chart.over)}
    unit = found.units[chart.over]
    axis = in_words(chart.over) + (f", {unit}" if unit else "")
    scales = Scales(medians[0].unit, axis, log_x=chart.log, log_y=chart.log)
    return by_load(chart.title, placed(medians, places), placed_trials(values, places), [], scales)
