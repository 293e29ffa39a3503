"""The metrics that tables and charts of every scenario show, where it has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.scenario.catalogue import in_order, load_scenarios
from harness.scenario.chart import Chart


@dataclass(frozen=True)
class Column:
    """A metric as a column: its name in the database and its heading."""

    name: str
    heading: str


RATES = (
    Column("drain_rate", "Drain rate"),
    Column("enqueue_rate", "Enqueue rate, workers held"),
    Column("enqueue_rate_live", "Enqueue rate, workers running"),
    Column("drain_rate_live", "Drain rate while sending"),
    Column("makespan", "Makespan"),
)
HELD = (
    Column("held_rate_deep", "Deep queue: rate"),
    Column("held_depth_deep", "tasks in it"),
    Column("held_rate_shallow", "Shallow queue: rate"),
    Column("held_depth_shallow", "tasks in it"),
)
SOJOURN = (
    Column("sojourn_p50", "p50"),
    Column("sojourn_p90", "p90"),
    Column("sojourn_p99", "p99"),
    Column("sojourn_p999", "p99.9"),
)
PARTS = (
    Column("wait_p50", "Wait p50"),
    Column("wait_p99", "Wait p99"),
    Column("enqueue_p50", "Enqueue p50"),
    Column("enqueue_p99", "Enqueue p99"),
    Column("generator_lag_p99", "Generator lag p99"),
)
CPU = (
    Column("workers_cpu_per_task", "CPU: workers"),
    Column("broker_cpu_per_task", "CPU: broker"),
    Column("enqueue_producer_cpu_per_task", "CPU: producer"),
)
CPU_OPEN = (
    *CPU[:2],
    Column("producer_cpu_per_task", "CPU: producer"),
    Column("workers_cpu_gross_per_task", "CPU: workers, idle polling in it"),
)
MEMORY = (
    Column("workers_pss_peak", "PSS: workers"),
    Column("broker_pss_peak", "PSS: broker"),
    Column("producer_pss_peak", "PSS: producer"),
)
COMMANDS = Column("broker_commands_per_task", "Broker commands")


def names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]


def charted() -> list[str]:
    """Metrics that some chart draws trial by trial."""
    usual = names([*RATES, *SOJOURN, *CPU, *CPU_OPEN, *MEMORY])
    return usual + [chart.metric for s in load_scenarios().values() for chart in s.charts]


def by_broker() -> list[tuple[str, Chart]]:
    """Scenarios, and what is drawn of brokers beside each other in them."""
    scenarios = load_scenarios()
    return [(name, chart) for name in in_order(scenarios) for chart in scenarios[name].by_broker]


def of_scenarios() -> dict[str, Any]:
    """What queries ask of the scenarios, by the names of their parameters."""
    return {
        "names": charted(),
        "with_fault": [s.name for s in load_scenarios().values() if s.fault],
        "by_broker": [{"scenario": s, "name": chart.metric} for s, chart in by_broker()],
        "primary": [
            {"scenario": name, "name": metric}
            for name, scenario in load_scenarios().items()
            for metric in scenario.primary_names
        ],
    }
