"""Select: everything that the page shows, in one short visit to the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import duckdb

from harness.judge.claims import Kind
from harness.report.answer.facts import Facts
from harness.report.flamegraph.rows import FunctionShare
from harness.report.flamegraph.shares import compare_passes, largest
from harness.report.nothing import nothing_measured
from harness.report.page.columns import of_scenarios
from harness.report.rows.answer import PairVerdict
from harness.report.rows.arms import (
    Condition,
    Difference,
    ExperimentOfArm,
    MachineField,
    Origin,
    Package,
    PageArm,
    Totals,
)
from harness.report.rows.bins import Checkpoint, CompletionBin, DepthBin, ResourceBin
from harness.report.rows.costs import Amounts
from harness.report.rows.distributions import Early, Quantile, SearchTrial
from harness.report.rows.fetch import fetch_as
from harness.report.rows.history import BesideFixed, ConfirmedStep
from harness.report.rows.profiles import Allocation, HotFunction, Profile
from harness.report.rows.trials import BrokerValue, FloorRatio, Median, State, TrialValue
from harness.report.rows.validity import (
    EffectiveSetting,
    Proof,
    SelfbenchFigure,
    SettingDifference,
    SettingsRead,
    Told,
)
from harness.report.rows.verdicts import (
    BlockValue,
    ChangePoint,
    Noise,
    PageVerdict,
    ProfiledVerdict,
    VerdictOnArm,
    VersionValue,
)
from harness.report.tables import FIGURES, make_tables
from harness.scenario.catalogue import in_order
from harness.store.database import open_database
from harness.store.queries import sql

# Temporary tables, views and macros that the other queries read.
TABLES = (
    *FIGURES,
    "measured",
    "load",
    "lateness",
    "shown_package",
    "told",
)
SLOWER = {Kind.SLOWER, Kind.SLOWER_UNCERTAIN}  # verdicts that frames should explain
GREW = 3  # functions named beside a verdict

Pair = tuple[str, str]  # trials of two profiler passes, base and head
Grown = Mapping[Pair, Sequence[FunctionShare]]


@dataclass(frozen=True)
class OfLoads:
    """What is shown of each scenario's loads. Each field is the query ``report_NAME``."""

    states: list[State]
    metrics: list[Median]
    points: list[TrialValue]
    distribution: list[Quantile]
    early: list[Early]
    completions: list[CompletionBin]
    depth: list[DepthBin]
    resources: list[ResourceBin]
    checkpoints: list[Checkpoint]
    search: list[SearchTrial]
    floor: list[FloorRatio]


@dataclass(frozen=True)
class Selection(OfLoads):
    """The rows of a page, in the order in which it shows the others."""

    arms: list[PageArm]
    origins: list[Origin]
    experiments: list[ExperimentOfArm]
    totals: list[Totals]
    machine: list[MachineField]
    differences: list[Difference]
    conditions: list[Condition]
    not_ok: list[Told]
    remarks: list[Told]
    selfbench: list[SelfbenchFigure]
    verdicts: list[PageVerdict]
    blocks: list[BlockValue]
    pairs: list[PairVerdict]
    series: list[VersionValue]
    changes: list[ChangePoint]
    history: list[BesideFixed]
    history_steps: list[ConfirmedStep]
    noise: list[Noise]
    proof: list[Proof]
    settings: list[SettingsRead]
    setting_differences: list[SettingDifference]
    effective: list[EffectiveSetting]
    drivers: list[BrokerValue]
    costs: list[Amounts]
    overview: list[VerdictOnArm]
    profiles: list[Profile]
    functions: list[HotFunction]
    allocations: list[Allocation]
    flamegraphs: list[ProfiledVerdict]
    packages: list[Package]
    package_differences: list[Package]

    @property
    def facts(self) -> Facts:
        return Facts(self.states, self.metrics, self.points, self.pairs, self.floor)

    def scenarios(self) -> list[str]:
        return in_order({state.scenario for state in self.states})


QUERIES = {name: get_args(rows)[0] for name, rows in get_type_hints(Selection).items()}


def select(database: Path, experiment: str | None = None) -> tuple[Selection, Grown]:
    """The rows of one experiment or of all, and which functions grew most between the passes of
    verdicts that found something slower.

    Raises BenchError when nothing was measured.
    """
    with open_database(database, read_only=True) as connection:
        make_tables(connection, [f"report_{name}" for name in TABLES], experiment)
        if not fetch_as(PageArm, connection, "report_arms"):
            raise nothing_measured(connection, database, experiment)
        found = Selection(**{name: ask(connection, name) for name in QUERIES})
        slower = [verdict for verdict in found.flamegraphs if verdict.kind in SLOWER]
        return found, {(v.base, v.head): grew(connection, v.base, v.head) for v in slower}


def ask(connection: duckdb.DuckDBPyConnection, name: str) -> list[Any]:
    """One query's rows."""
    text = sql(f"report_{name}")
    wanted = {key: given for key, given in of_scenarios().items() if f"${key}" in text}
    return fetch_as(QUERIES[name], connection, f"report_{name}", wanted)


def grew(connection: duckdb.DuckDBPyConnection, base: str, head: str) -> list[FunctionShare]:
    """The functions whose own share of the samples grew most."""
    functions = compare_passes(connection, "py-spy", base, head).functions
    return largest(functions, lambda function: function.gained_self)[:GREW]
