"""What was profiled: arms at loads, and the passes that looked at them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from harness.report.flamegraph.rows import NamedTrial, PassRow
from harness.report.rows.fetch import fetch_as
from harness.scenario.catalogue import FIRST, load_words
from infrastructure.errors import BenchError

SETTINGS = ("python", "broker", "profile", "scenario", "point")

Key = tuple[str, int, str, str]  # experiment, arm number, scenario, point


@dataclass
class Profiled:
    """One arm at one load of one experiment, and the passes that looked at it."""

    key: Key
    label: str
    settings: dict[str, str]  # by the words of SETTINGS
    size: str
    day: str
    passes: dict[str, str] = field(default_factory=dict)  # trial ids by tool

    @property
    def load(self) -> str:
        return load_words((self.settings["scenario"], self.settings["point"]))

    def line(self) -> str:
        """As the lists of error messages have it."""
        where = ", ".join(f"{s} {self.settings[s]}" for s in ("python", "broker", "profile"))
        passes = ", ".join(f"{trial} ({tool})" for tool, trial in self.passes.items())
        return f"{self.label}, {where}, {self.load}: {passes}"

    def only(self, tools: Sequence[str]) -> dict[str, str]:
        return {tool: self.passes[tool] for tool in tools if tool in self.passes}


def every_profiled(connection: duckdb.DuckDBPyConnection) -> list[Profiled]:
    """Newest first. Raises BenchError when the database holds no stacks."""
    found: dict[Key, Profiled] = {}
    for row in fetch_as(PassRow, connection, "flamegraph_passes", {"first": FIRST[0]}):
        known = found.setdefault(key_of(row), described(row))
        known.passes.setdefault(row.tool, row.trial_id)  # the latest of a tool
    if not found:
        raise BenchError(
            "the database holds no profile: a bench without --no-profilers leaves some of "
            'throughput and latency, for example: nox -s "bench-3.12(asynctasq)" -- --quick '
            "--scenario throughput"
        )
    return list(found.values())


def key_of(row: PassRow | NamedTrial) -> Key:
    return row.experiment_id, row.arm_number, row.scenario, row.point


def described(row: PassRow) -> Profiled:
    variant = f"@{row.variant}" if row.variant else ""
    settings = {
        "python": row.python_version,
        "broker": row.broker,
        "profile": row.topology_profile,
        "scenario": row.scenario,
        "point": row.point,
    }
    label = f"{row.framework} {row.framework_version}{variant}"
    return Profiled(key_of(row), label, settings, row.size, row.day)


def differ(base: Profiled, head: Profiled) -> bool:
    """Whether other passes looked at them."""
    return base.passes != head.passes


def unlike(base: Profiled, head: Profiled) -> list[str]:
    """The settings in which the two differ."""
    return [s for s in SETTINGS if base.settings[s] != head.settings[s]]


def unlikeness(pair: tuple[Profiled, Profiled]) -> tuple[bool, int]:
    """Another load counts most."""
    return pair[0].load != pair[1].load, len(unlike(*pair))
