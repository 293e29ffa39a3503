"""From what a person types to the profiler passes meant: a trial of any purpose, or an arm."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from harness.cli.matrix import suggest
from harness.cli.words import TOOLS
from harness.scenario.catalogue import load_words
from harness.store.queries import sql
from infrastructure.errors import BenchError, UsageError

SETTINGS = ("python", "broker", "profile", "scenario", "point")
MOST_LISTED = 12

Row = dict[str, Any]
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


def rows(connection: duckdb.DuckDBPyConnection, name: str, **values: Any) -> list[Row]:
    """Rows of ``report/sql/flamegraph/flamegraph_NAME.sql`` as dictionaries."""
    done = connection.execute(sql(f"flamegraph_{name}"), values or None)
    columns = [column[0] for column in done.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in done.fetchall()]


def key_of(row: Row) -> Key:
    return row["experiment_id"], row["arm_number"], row["scenario"], row["point"]


def every_profiled(connection: duckdb.DuckDBPyConnection) -> list[Profiled]:
    """Newest first. Raises BenchError when the database holds no stacks."""
    found: dict[Key, Profiled] = {}
    for row in rows(connection, "passes"):
        known = found.setdefault(key_of(row), described(row))
        known.passes.setdefault(row["tool"], row["trial_id"])  # the latest of a tool
    if not found:
        raise BenchError(
            "the database holds no profile: a bench without --no-profilers leaves some of "
            'throughput and latency, for example: nox -s "bench-3.12(asynctasq)" -- --quick '
            "--scenario throughput"
        )
    return list(found.values())


def described(row: Row) -> Profiled:
    variant = f"@{row['variant']}" if row["variant"] else ""
    settings = {
        "python": row["python_version"],
        "broker": row["broker"],
        "profile": row["topology_profile"],
        "scenario": row["scenario"],
        "point": row["point"],
    }
    label = f"{row['framework']} {row['framework_version']}{variant}"
    return Profiled(key_of(row), label, settings, row["size"], row["day"])


class Finder:
    """Looks words up; ``newest`` gives the version that a bare framework name means."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, newest: Mapping[str, str], tool: str | None
    ) -> None:
        self._connection = connection
        self._newest = newest
        self.tools = TOOLS if tool is None else (tool,)
        self.every = [p for p in every_profiled(connection) if p.only(self.tools)]

    def one(self, word: str) -> Profiled:
        """The newest profiled thing that the word means. Raises UsageError."""
        return self.meant(word)[0]

    def two(self, base: str, head: str) -> tuple[Profiled, Profiled]:
        """The pair that is most alike, then newest. Raises UsageError on unlike loads and tools."""
        pairs = [p for p in itertools.product(self.meant(base), self.meant(head)) if differ(p)]
        if not pairs:
            raise UsageError(
                f"flamegraph: {base!r} and {head!r} mean the same passes; name two, or one alone"
            )
        below, above = min(pairs, key=unlikeness)
        if below.load != above.load:
            raise UsageError(
                f"flamegraph: {base!r} was profiled under {below.load}, {head!r} under "
                f"{above.load}: no difference could be put down to the arms; name two of one load."
                + self.listing()
            )
        if not set(below.only(self.tools)) & set(above.only(self.tools)):
            raise UsageError(
                f"flamegraph: {base!r} has {', '.join(below.passes)} stacks and {head!r} "
                f"{', '.join(above.passes)}: no tool looked at both." + self.listing()
            )
        return below, above

    def meant(self, word: str) -> list[Profiled]:
        """Everything profiled that the word may mean, newest first; never empty."""
        found = self._by_trial(word)
        return found if found is not None else self._by_arm(word)

    def _by_trial(self, word: str) -> list[Profiled] | None:
        """None when there is no such trial."""
        known = rows(self._connection, "trial", trial=word)
        if not known:
            return None
        trial = known[0]
        found = [p for p in self.every if p.key == key_of(trial)]
        if not found:
            arm = f"{trial['framework']} {trial['framework_version']}"
            load = load_words((trial["scenario"], trial["point"]))
            raise UsageError(
                f"flamegraph: {word} ({trial['purpose']}, {arm}, {load}) has no profile by "
                f"{' or '.join(self.tools)} in its experiment: comparisons are not profiled, "
                "benches without --no-profilers are." + self.listing()
            )
        named = trial["purpose"]
        if named in TOOLS:
            found[0].passes[named] = word  # of several passes by one tool the one that was named
        return found

    def _by_arm(self, word: str) -> list[Profiled]:
        head, *given = word.split(",")
        framework, version = head.partition("@")[0].partition("==")[::2]
        variant = f"@{head.partition('@')[2]}" if "@" in head else ""
        version = version or self._newest.get(framework, "")
        wanted = f"{framework} {version}{variant}"
        settings = settings_of(word, given)
        found = [p for p in self.every if p.label == wanted and agrees(p, settings)]
        if not found:
            raise UsageError(
                f"flamegraph: {word!r} is neither a trial of this database nor an arm with a "
                f"profile by {' or '.join(self.tools)}: {self._near(head)}." + self.listing()
            )
        return found

    def _near(self, head: str) -> str:
        names = [p.label.replace(" ", "==") for p in self.every]
        return suggest(head, list(dict.fromkeys(names))) if names else "there is none"

    def listing(self) -> str:
        """What may be named instead."""
        lines = [f"\n  {p.line()}" for p in self.every[:MOST_LISTED]]
        more = len(self.every) - len(lines)
        rest = f"\n  and {more} older" if more > 0 else ""
        first = next(iter(self.every[0].passes.values())) if self.every else "TRIAL"
        return f"\nProfiles there are:{''.join(lines)}{rest}\nType: nox -s flamegraph -- {first}"


def settings_of(word: str, given: Sequence[str]) -> dict[str, str]:
    """``python=3.13`` and the like behind an arm. Raises UsageError."""
    found = {}
    for setting in given:
        name, _, value = setting.partition("=")
        if name not in SETTINGS:
            raise UsageError(
                f"flamegraph: {word!r}: unknown setting {name!r}: {suggest(name, list(SETTINGS))}"
            )
        found[name] = value
    return found


def agrees(profiled: Profiled, settings: Mapping[str, str]) -> bool:
    """``python=3.12`` means 3.12.1 too."""
    has = profiled.settings
    return all(has[n] == v or (n == "python" and has[n].startswith(f"{v}."))
               for n, v in settings.items())  # fmt: skip


def differ(pair: tuple[Profiled, Profiled]) -> bool:
    return pair[0].passes != pair[1].passes


def unlike(base: Profiled, head: Profiled) -> list[str]:
    """The settings in which the two differ."""
    return [s for s in SETTINGS if base.settings[s] != head.settings[s]]


def unlikeness(pair: tuple[Profiled, Profiled]) -> tuple[bool, int]:
    return pair[0].load != pair[1].load, len(unlike(*pair))
