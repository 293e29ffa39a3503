"""Shares of one profiler pass or of two, and what of them is worth a table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import duckdb

from harness.report.flamegraph.groups import GROUPS, stack_group
from harness.report.flamegraph.rows import FunctionShare, StackShare
from harness.report.rows.fetch import fetch_as
from harness.store.queries import sql

TOP = 12  # functions a table
LEAST = 0.0005  # a smaller difference is not listed: half a permille of the pass


@dataclass(frozen=True)
class Compared:
    """The stacks of one tool on one side or two, and their functions."""

    stacks: list[StackShare]
    functions: list[FunctionShare]


@dataclass(frozen=True)
class Ranking:
    """Functions in order, by their ``self`` or their ``inclusive`` share."""

    caption: str
    by: str
    functions: list[FunctionShare]


def compare_passes(
    connection: duckdb.DuckDBPyConnection, tool: str, base: str, head: str | None
) -> Compared:
    """What two trials, or one, have in common and in which they differ."""
    connection.execute(sql("flamegraph_sums"))
    connection.execute(sql("flamegraph_stacks"), {"tool": tool, "base": base, "head": head})
    return Compared(
        fetch_as(StackShare, connection, "flamegraph_difference"),
        fetch_as(FunctionShare, connection, "flamegraph_functions"),
    )


def group_shares(stacks: Iterable[StackShare]) -> dict[str, tuple[float, float]]:
    """(base, head) shares of every group, in the page's order; a side with stacks sums to 1."""
    base, head = dict.fromkeys(GROUPS, 0.0), dict.fromkeys(GROUPS, 0.0)
    for stack in stacks:
        group = stack_group(stack.frames.split(";"))
        base[group] += stack.base_share
        head[group] += stack.head_share
    return {group: (base[group], head[group]) for group in GROUPS}


def rankings(functions: Sequence[FunctionShare], *, two: bool) -> list[Ranking]:
    """What grew and shrank most; of a single pass, what is largest."""
    named = [("self", "by own share"), ("inclusive", "by inclusive share")]
    if not two:
        return [
            Ranking(f"Largest {words}", by, largest(functions, share("base", by)))
            for by, words in named
        ]
    return [
        Ranking(f"{title} {words}", by, largest(functions, share("gained", by), sign))
        for by, words in named
        for title, sign in (("Grew most", 1), ("Shrank most", -1))
    ]


def share(side: str, by: str) -> Callable[[FunctionShare], float]:
    """Where a function has its share of a side, or what it gained."""

    def of(function: FunctionShare) -> float:
        found: float = getattr(function, f"{side}_{by}")
        return found

    return of


def largest(
    functions: Sequence[FunctionShare], share: Callable[[FunctionShare], float], sign: int = 1
) -> list[FunctionShare]:
    """The first ``TOP`` by their share, or by its negative; those that say something."""
    told = [function for function in functions if sign * share(function) >= LEAST]
    return sorted(told, key=lambda f: (-sign * share(f), f.function))[:TOP]


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def signed(share: float) -> str:
    """Percentage points with their sign; what rounds to nothing has none."""
    points = round(100 * share, 1)
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{abs(points):.1f}"
