"""Lay out: brokers beside each other, what a framework does, and costs, on each."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.report.charts.bars import Bar, Dot, grouped_bars
from harness.report.charts.palette import COLOURS
from harness.report.charts.panel import Panel
from harness.report.page.columns import by_broker
from harness.report.rows.grouped import grouped
from harness.report.rows.trials import BrokerValue

CAPTION = (
    "Medians of the valid trials; each dot is a trial. A server has no bar for what it does not "
    "count. Each server counts in its own units: commands in Redis, statements in MySQL, "
    "transactions that wrote in PostgreSQL, messages in, out and acknowledged in RabbitMQ, "
    "requests in SQS. Celery reaches PostgreSQL and MySQL through kombu's SQLAlchemy transport, "
    "which is experimental. Compare brokers for one framework, or frameworks on one broker."
)


@dataclass(frozen=True)
class BrokerSeries:
    """What is one arm in these panels, and which arms of the page that is."""

    arm: int
    label: str
    page_arms: tuple[int, ...]


def broker_panels(rows: Sequence[BrokerValue]) -> list[Panel]:
    """A panel a metric, a group a broker, a bar a framework; ``rows`` are single trials. Of more
    frameworks than colours there is none: the pivot has them.
    """
    if len({row.arm for row in rows}) > len(COLOURS):
        return []
    return [
        broker_panel(chart.title, own)
        for scenario, chart in by_broker()
        if (own := [r for r in rows if (r.scenario, r.name) == (scenario, chart.metric)])
    ]


def broker_panel(title: str, rows: Sequence[BrokerValue]) -> Panel:
    bars = [median(own) for own in grouped(rows, lambda row: (row.broker, row.arm))]
    dots = [Dot(row.arm, row.value, (row.page_arm,), row.broker) for row in rows]
    panel = grouped_bars(title, bars, dots, rows[0].unit)
    return replace(panel, scenario=rows[0].scenario)


def median(own: Sequence[BrokerValue]) -> Bar:
    """Of a framework on a broker."""
    first, value = own[0], statistics.median(row.value for row in own)
    return Bar(first.arm, first.label, value, first.unit, page_arms(own), first.broker)


def broker_series(rows: Sequence[BrokerValue]) -> list[BrokerSeries]:
    """In order of their numbers."""
    own = sorted(grouped(rows, lambda row: row.arm), key=lambda found: found[0].arm)
    return [BrokerSeries(found[0].arm, found[0].label, page_arms(found)) for found in own]


def page_arms(rows: Sequence[BrokerValue]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(row.page_arm for row in rows))
