"""Brokers beside each other: what a framework does, and costs, on each."""

import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from harness.report.charts import charts
from harness.report.charts.charts import Panel
from harness.report.charts.experiments import grouped

Row = dict[str, Any]

TITLES = {
    "drain_rate": "Drain rate",
    "enqueue_rate": "Enqueue rate, workers held",
    "workers_cpu_per_task": "CPU a task, workers",
    "broker_cpu_per_task": "CPU a task, server",
    "broker_commands_per_task": "Commands or statements a task",
    "broker_traffic_per_task": "Bytes to and from the server a task",
    "broker_wal_per_task": "Bytes to the server's write-ahead log a task",
    "sojourn_p50": "Latency p50 at the lowest load",
}
CAPTION = (
    "Medians of ok trials, a dot each. A server that does not count something has no bar for it; "
    "what it counts is its own: commands of Redis, statements of MySQL, transactions of PostgreSQL "
    "that wrote, messages handed in, out and acknowledged by RabbitMQ, requests of SQS. "
    "Celery reaches PostgreSQL and MySQL by kombu's SQLAlchemy transport, experimental upstream. "
    "Broker and framework differ together: read along one framework, or at one broker."
)


def driver_panels(rows: Sequence[Row]) -> list[Panel]:
    """A panel a metric, a group a broker, a bar a framework; ``rows`` are single trials."""
    panels = []
    for name, title in TITLES.items():
        dots = [row | {"page_arms": (row["page_arm"],)} for row in rows if row["name"] == name]
        if not dots:
            continue
        bars = [
            {**own[0], "median": statistics.median(r["value"] for r in own),
             "page_arms": charts.arms_of(own)}
            for own in grouped(dots, "group", "arm")
        ]  # fmt: skip
        panel = charts.grouped_bars(title, bars, dots, dots[0]["unit"])
        panels.append(replace(panel, scenario=dots[0]["scenario"]))
    return panels


def driver_series(rows: Sequence[Row]) -> list[Row]:
    """What is one arm in these panels: arm (for colour and marker), label, page_arms."""
    own = sorted(grouped(rows, "arm"), key=lambda found: int(found[0]["arm"]))
    return [
        found[0] | {"page_arms": tuple(dict.fromkeys(row["page_arm"] for row in found))}
        for found in own
    ]
