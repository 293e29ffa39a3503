"""What brokers were asked, by their own names, where a scenario counts that."""

from collections.abc import Iterator, Sequence

from harness.cli.numbers import number
from harness.report.rows.grouped import grouped
from harness.report.rows.trials import Median
from harness.scenario.scenario import Scenario


def by_name(medians: Sequence[Median], scenario: Scenario) -> Iterator[tuple[int, str]]:
    """An arm and its sentence, a load each: ``celery 5.7, 1 queue, per second: brpop 0.964``."""
    prefix = scenario.by_name
    totals = {*scenario.primary_names, *(chart.metric for chart in scenario.charts)}
    counts = [
        median
        for median in medians
        if prefix and median.name.startswith(prefix)
        if median.unit == "1/s" and median.name not in totals
    ]
    for own in grouped(counts, lambda median: (median.point, median.arm)):
        asked = (f"{each.name.removeprefix(prefix)} {number(each.median)}" for each in own)
        yield own[0].arm, f"{own[0].label}, {own[0].point}, per second: {', '.join(asked)}"
