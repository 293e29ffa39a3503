"""Select: the latest figures of every arm, and the latest verdicts."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from harness.report.answer.facts import Facts
from harness.report.nothing import nothing_measured
from harness.report.page.columns import charted
from harness.report.rows.answer import PairVerdict
from harness.report.rows.costs import Amounts
from harness.report.rows.fetch import fetch_as
from harness.report.rows.latest import LatestVerdict, ShownTrial, SizeOfArm
from harness.report.rows.trials import FloorRatio, Median, State, TrialValue
from harness.report.tables import FIGURES, make_tables
from harness.store.database import open_database
from infrastructure.errors import BenchError


@dataclass(frozen=True)
class Latest(Facts):
    """The facts of every scenario, as on the report's page, and what is beside them."""

    sizes: list[SizeOfArm]
    verdicts: list[LatestVerdict]
    costs: list[Amounts]
    trials: list[ShownTrial]

    def scenarios(self) -> list[str]:
        return sorted({state.scenario for state in self.states})

    def of(self, scenario: str) -> "Latest":
        """Of one scenario; the verdicts are those asked for already."""
        return Latest(
            [state for state in self.states if state.scenario == scenario],
            [median for median in self.medians if median.scenario == scenario],
            [value for value in self.values if value.scenario == scenario],
            [pair for pair in self.pairs if pair.scenario == scenario],
            [floor for floor in self.floors if floor.scenario == scenario],
            [size for size in self.sizes if size.scenario == scenario],
            self.verdicts,
            [amounts for amounts in self.costs if amounts.scenario == scenario],
            [trial for trial in self.trials if trial.scenario == scenario],
        )


def fetched(connection: duckdb.DuckDBPyConnection, scenario: str | None = None) -> Latest:
    """From the tables of ``FIGURES``; the verdicts of one scenario, or of all."""
    return Latest(
        fetch_as(State, connection, "report_states"),
        fetch_as(Median, connection, "report_metrics"),
        fetch_as(TrialValue, connection, "report_points", {"names": charted()}),
        fetch_as(PairVerdict, connection, "report_pairs"),
        fetch_as(FloorRatio, connection, "report_floor"),
        fetch_as(SizeOfArm, connection, "results_sizes"),
        fetch_as(LatestVerdict, connection, "results_verdicts", {"scenario": scenario}),
        fetch_as(Amounts, connection, "report_costs"),
        fetch_as(ShownTrial, connection, "results_trials"),
    )


def read(database: Path, scenario: str | None = None, experiment: str | None = None) -> Latest:
    """What is to be shown, of one scenario or experiment, or of all. Raises BenchError when there
    is nothing.
    """
    with open_database(database, read_only=True) as connection:
        make_tables(connection, [f"report_{name}" for name in FIGURES], experiment)
        found = fetched(connection, scenario)
        if not found.states:
            raise nothing_measured(connection, database, experiment)
    if scenario is None:
        return found
    if scenario not in found.scenarios():
        there = ", ".join(found.scenarios())
        raise BenchError(f"{database} holds no measuring trial of {scenario}; it has: {there}")
    return found.of(scenario)
