"""The history of a file: each arm's figures over its experiments, a section a machine.

Experiments ran at different times, so nothing here is a verdict. Their figures are joined by a line
only where docs/method.md, section 8, would allow a ratio; the machine's own speed stands above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.machine.fingerprint import MACHINE, REFUSING
from harness.report.charts import charts
from harness.report.charts.charts import Panel
from harness.report.charts.experiments import grouped, what
from harness.report.pages import render, svgs, write
from harness.scenario.catalogue import load_scenarios
from harness.store.database import open_database
from harness.store.queries import fetch, select, sql
from harness.store.rows import Row

CALIBRATION = {
    "calibration_cpu_ms": ("CPU loop of the calibration", "ms"),
    "calibration_round_trip_us": ("Round trip of the calibration", "µs"),
}


@dataclass(frozen=True)
class Era:
    """What was measured on one machine: ``own``, its calibration; ``trends``, by scenario."""

    machine: Row
    own: list[Panel]
    trends: dict[str, list[Panel]]

    @property
    def fields(self) -> dict[str, str]:
        """What tells the machine from others."""
        lines = self.machine["machine"].splitlines()
        return {name: value for name, _, value in (line.partition("=") for line in lines)}

    @property
    def title(self) -> str:
        known = self.fields
        cores = f"{known['cores']} cores" if "cores" in known else ""
        words = [known.get("cpu_model", ""), cores, known.get("kernel", "")]
        return ", ".join(filter(None, words)) or f"machine {self.machine['machine_number']}"


def read(database: Path) -> dict[str, list[Row]]:
    """The rows of ``report/sql/site/history_*.sql``, by name, and the arms by number."""
    primary = [f"{name}.{m}" for name, s in load_scenarios().items() for m in s.primary_names]
    fields = {"machine": list(MACHINE), "others": [n for n in REFUSING if n not in MACHINE]}
    with open_database(database, read_only=True) as connection:
        select(connection, ["report_wanted", "report_arm"])
        connection.execute(sql("history_stood"), fields)
        return {
            "machines": fetch(connection, sql("history_machines")),
            "points": fetch(connection, sql("history_points"), {"primary": primary}),
            "calibration": fetch(connection, sql("history_calibration")),
        }


def eras(every: dict[str, list[Row]]) -> list[Era]:
    """A machine each, the one measured on last first."""
    return [
        Era(
            machine,
            calibration_panels(of_machine(every["calibration"], machine), machine["experiments"]),
            trend_panels(of_machine(every["points"], machine), machine["experiments"]),
        )
        for machine in every["machines"]
    ]


def of_machine(rows: Sequence[Row], machine: Row) -> list[Row]:
    return [row for row in rows if row["machine_number"] == machine["machine_number"]]


def calibration_panels(rows: Sequence[Row], experiments: int) -> list[Panel]:
    """Nothing for a machine with one experiment: a trend has two ends."""
    return [
        charts.trend(*CALIBRATION[own[0]["name"]], own, experiments)
        for own in grouped(rows, "name")
        if len(own) > 1
    ]


def trend_panels(rows: Sequence[Row], experiments: int) -> dict[str, list[Panel]]:
    """A panel a load and primary metric, by scenario."""
    return {
        scenario[0]["scenario"]: [
            charts.trend(what(own[0]), own[0]["unit"], own, experiments)
            for own in grouped(scenario, "point", "metric")
        ]
        for scenario in grouped(rows, "scenario")
    }


def arms(rows: Sequence[Row]) -> list[Row]:
    """Number and label of the arms drawn, in order."""
    found = sorted({(row["arm"], row["label"]) for row in rows})
    return [{"arm": arm, "label": label} for arm, label in found]


def write_history(database: Path, page: Path) -> int:
    """Write the page; returns how many trends it shows."""
    every = read(database)
    found = eras(every)
    drawn = [
        {
            "title": era.title,
            "fields": era.fields,
            "machine": era.machine,
            "own": svgs(era.own, f"own-{era.machine['machine_number']}"),
            "trends": {
                scenario: svgs(panels, f"{scenario}-{era.machine['machine_number']}")
                for scenario, panels in era.trends.items()
            },
        }
        for era in found
    ]
    values = {"eras": drawn, "arms": arms(every["points"]), "database": database.name}
    write(page, render("history", values))
    return sum(len(panels) for era in found for panels in era.trends.values())
