"""The history of a file: each arm's figures over its experiments, a section a machine.

Experiments ran at different times, so nothing here is a verdict. Their figures are joined by a line
only where docs/method.md, section 8, would allow a ratio; the machine's own speed stands above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cli.numbers import in_words
from harness.machine.fingerprint import MACHINE, REFUSING
from harness.report.charts.panel import Panel
from harness.report.charts.trend import trend
from harness.report.render import Drawn, svgs
from harness.report.rows.fetch import fetch_as
from harness.report.rows.grouped import grouped
from harness.report.rows.site import Calibration, HistoryPoint, Machine
from harness.report.site.folder import Site
from harness.report.tables import make_tables
from harness.scenario.catalogue import load_scenarios, load_words
from harness.store.database import open_database
from harness.store.queries import sql

TABLES = ("report_wanted", "report_arm", "report_arm_trial", "report_units")
HISTORY = "history/index.html"
CALIBRATION = {
    "calibration_cpu_ms": ("CPU loop of the calibration", "ms"),
    "calibration_round_trip_us": ("Round trip of the calibration", "µs"),
}


@dataclass(frozen=True)
class History:
    """What every machine did."""

    machines: list[Machine]
    points: list[HistoryPoint]
    calibration: list[Calibration]

    @property
    def arms(self) -> list[tuple[int, str]]:
        """Number and label of the arms drawn, in order."""
        return sorted({(point.arm, point.label) for point in self.points})


@dataclass(frozen=True)
class Era:
    """What was measured on one machine: ``own``, its calibration; ``trends``, by scenario."""

    machine: Machine
    own: list[Panel]
    trends: dict[str, list[Panel]]

    @property
    def fields(self) -> dict[str, str]:
        """What tells the machine from others."""
        lines = self.machine.machine.splitlines()
        return {name: value for name, _, value in (line.partition("=") for line in lines)}

    @property
    def title(self) -> str:
        known = self.fields
        cores = f"{known['cores']} cores" if "cores" in known else ""
        words = [known.get("cpu_model", ""), cores, known.get("kernel", "")]
        return ", ".join(filter(None, words)) or f"machine {self.machine.machine_number}"


@dataclass(frozen=True)
class DrawnEra:
    """An era with its drawings."""

    era: Era
    own: list[Drawn]
    trends: dict[str, list[Drawn]]


def read(database: Path) -> History:
    """The rows of ``report/sql/site/history_*.sql``."""
    primary = [f"{name}.{m}" for name, s in load_scenarios().items() for m in s.primary_names]
    fields = {"machine": list(MACHINE), "others": [n for n in REFUSING if n not in MACHINE]}
    with open_database(database, read_only=True) as connection:
        make_tables(connection, TABLES)
        connection.execute(sql("history_stood"), fields)
        return History(
            fetch_as(Machine, connection, "history_machines"),
            fetch_as(HistoryPoint, connection, "history_points", {"primary": primary}),
            fetch_as(Calibration, connection, "history_calibration"),
        )


def eras(found: History) -> list[Era]:
    """A machine each, the one measured on last first."""
    return [
        Era(
            machine,
            calibration_panels(of_machine(found.calibration, machine), machine.experiments),
            trend_panels(of_machine(found.points, machine), machine.experiments),
        )
        for machine in found.machines
    ]


def of_machine[T: HistoryPoint | Calibration](rows: Sequence[T], machine: Machine) -> list[T]:
    return [row for row in rows if row.machine_number == machine.machine_number]


def calibration_panels(rows: Sequence[Calibration], experiments: int) -> list[Panel]:
    """Nothing for a machine with one experiment: a trend has two ends."""
    return [
        trend(*CALIBRATION[own[0].name], own, experiments)
        for own in grouped(rows, lambda row: row.name)
        if len(own) > 1
    ]


def trend_panels(rows: Sequence[HistoryPoint], experiments: int) -> dict[str, list[Panel]]:
    """A panel a load and primary metric, by scenario."""
    return {
        of_scenario[0].scenario: [
            trend(titled(own[0]), own[0].unit, own, experiments)
            for own in grouped(of_scenario, lambda row: (row.point, row.metric))
        ]
        for of_scenario in grouped(rows, lambda row: row.scenario)
    }


def titled(row: HistoryPoint) -> str:
    return f"{load_words((row.scenario, row.point))}: {in_words(row.metric)}"


def drawn(era: Era) -> DrawnEra:
    trends = {name: svgs(panels) for name, panels in era.trends.items()}
    return DrawnEra(era, svgs(era.own), trends)


def write_history(database: Path, site: Site) -> int:
    """Write the page; returns how many trends it shows."""
    found = read(database)
    known = eras(found)
    site.write(HISTORY, "history", {"eras": list(map(drawn, known)), "arms": found.arms})
    return sum(len(panels) for era in known for panels in era.trends.values())
