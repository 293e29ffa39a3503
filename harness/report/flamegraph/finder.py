"""From what a person types to the profiler passes meant: a trial of any purpose, or an arm."""

import itertools
from collections.abc import Mapping, Sequence

import duckdb

from harness.cli.matrix import suggest
from harness.cli.words import TOOLS
from harness.report.flamegraph.profiled import (
    SETTINGS,
    Profiled,
    differ,
    every_profiled,
    key_of,
    unlikeness,
)
from harness.report.flamegraph.rows import NamedTrial
from harness.report.rows.fetch import fetch_as
from harness.scenario.catalogue import load_words
from infrastructure.errors import UsageError

MOST_LISTED = 12


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
        pairs = [p for p in itertools.product(self.meant(base), self.meant(head)) if differ(*p)]
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
        trials = fetch_as(NamedTrial, self._connection, "flamegraph_trial", {"trial": word})
        return self._of_trial(word, trials[0]) if trials else self._of_arm(word)

    def _of_trial(self, word: str, trial: NamedTrial) -> list[Profiled]:
        found = [p for p in self.every if p.key == key_of(trial)]
        if not found:
            arm = f"{trial.framework} {trial.framework_version}"
            load = load_words((trial.scenario, trial.point))
            raise UsageError(
                f"flamegraph: {word} ({trial.purpose}, {arm}, {load}) has no profile by "
                f"{' or '.join(self.tools)} in its experiment: comparisons are not profiled, "
                "benches without --no-profilers are." + self.listing()
            )
        if trial.purpose in TOOLS:
            found[0].passes[trial.purpose] = word  # of several by one tool the one that was named
        return found

    def _of_arm(self, word: str) -> list[Profiled]:
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
    return all(
        has[name] == value or (name == "python" and has[name].startswith(f"{value}."))
        for name, value in settings.items()
    )
