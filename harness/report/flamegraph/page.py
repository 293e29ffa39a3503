"""``flamegraph``: a page with the flamegraphs of one profiler pass or of two and their difference.

Every share comes from a query of ``flamegraph_*.sql``; the template draws them.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.console import Console

from harness.cli.matrix import Matrix
from harness.report.flamegraph import speedscope
from harness.report.flamegraph.passes import Finder, Profiled, Row, rows, unlike
from harness.report.pages import render, write
from harness.store.database import open_database
from harness.store.queries import sql
from harness.trial.frame_groups import GROUPS, group_of, group_shares
from infrastructure.errors import BenchError

TITLES = {"py-spy": "CPU: where the samples of the workers are",
          "memray": "Memory: what is allocated at the peak"}  # fmt: skip
UNITS = {"py-spy": "samples", "memray": "bytes"}
TOP = 12  # functions a table
LEAST = 0.0005  # a smaller difference is not listed: half a permille of the pass
MIB = 1 << 20


@dataclass(frozen=True)
class Ranking:
    """Functions in order; ``self_first``: by their own share, else by the inclusive one."""

    caption: str
    by: str  # self or inclusive
    functions: list[Row]


@dataclass(frozen=True)
class View:
    """All that the page shows of one tool."""

    tool: str
    title: str
    trials: list[str]  # base, head
    totals: list[str]  # the same, in words
    groups: list[Row]
    rankings: list[Ranking]
    arena: list[str]  # share of the 1 MiB in which Python takes memory, where that matters
    data: Row  # what the script draws


@dataclass(frozen=True)
class Sides:
    """One profiled arm, or a base and a head."""

    base: Profiled
    head: Profiled | None
    tools: Sequence[str]

    @property
    def both(self) -> list[Profiled]:
        return [self.base] if self.head is None else [self.base, self.head]

    def shared_tools(self) -> list[str]:
        return [t for t in self.tools if all(t in side.passes for side in self.both)]

    def passes(self) -> list[tuple[str, str]]:
        """(tool, trial) of everything shown."""
        return [(t, side.passes[t]) for t in self.shared_tools() for side in self.both]


def page_name(base: str, head: str | None) -> str:
    """The file of two passes, each named by the first tool's trial; the report looks for it too."""
    return f"flamegraph-{base}-{head}.html" if head else f"flamegraph-{base}.html"


def read_view(connection: duckdb.DuckDBPyConnection, sides: Sides, tool: str) -> View:
    """The stacks of one tool, their difference and what follows from it."""
    trials = [side.passes[tool] for side in sides.both]
    connection.execute(
        sql("flamegraph_stacks"),
        {"tool": tool, "base": trials[0], "head": trials[1] if sides.head else None},
    )
    stacks, functions = rows(connection, "difference"), rows(connection, "functions")
    totals = [sum(stack[side] for stack in stacks) for side in ("base", "head")[: len(trials)]]
    return View(
        tool,
        TITLES[tool],
        trials,
        [amount(total, tool) for total in totals],
        group_rows(stacks, totals, tool),
        rankings(functions, two=sides.head is not None),
        [percent(MIB / total) for total in totals] if tool == "memray" else [],
        drawing(stacks, totals, tool),
    )


def amount(value: int, tool: str) -> str:
    """In words: samples, or MiB."""
    return f"{value:,} samples" if tool == "py-spy" else f"{value / MIB:,.1f} MiB"


def group_rows(stacks: Sequence[Row], totals: Sequence[int], tool: str) -> list[Row]:
    """A row a group of frames, with its own shares and what they are in samples or MiB."""
    return [
        {
            "name": name,
            "number": GROUPS.index(name),
            "base": shares[0],
            "head": shares[1],
            "gained": shares[1] - shares[0],
            "amounts": [amount(round(s * t), tool) for s, t in zip(shares, totals, strict=False)],
        }
        for name, shares in group_shares(stacks).items()
    ]


def rankings(functions: Sequence[Row], *, two: bool) -> list[Ranking]:
    """What grew and shrank most; of a single pass, what is largest."""
    named = [("self", "by own share"), ("inclusive", "by inclusive share")]
    if not two:
        return [
            Ranking(f"Largest {words}", by, largest(functions, f"base_{by}")) for by, words in named
        ]
    return [
        Ranking(f"{title} {words}", by, largest(functions, f"gained_{by}", sign))
        for by, words in named
        for title, sign in (("Grew most", 1), ("Shrank most", -1))
    ]


def largest(functions: Sequence[Row], column: str, sign: int = 1) -> list[Row]:
    """The first ``TOP`` by the column, or by its negative; those that say something."""
    told = [f for f in functions if sign * f[column] >= LEAST]
    return sorted(told, key=lambda f: (-sign * f[column], f["function"]))[:TOP]


def drawing(stacks: Sequence[Row], totals: Sequence[int], tool: str) -> Row:
    """What the script needs: frames once, each with its group (-1: its caller's), and stacks."""
    places: dict[str, int] = {}
    found = [
        [[places.setdefault(f, len(places)) for f in s["frames"].split(";")], s["base"], s["head"]]
        for s in stacks
    ]
    owned = [group_of(place) for place in places]
    return {
        "tool": tool,
        "unit": UNITS[tool],
        "totals": list(totals),
        "frames": list(places),
        "groups": [-1 if group is None else GROUPS.index(group) for group in owned],
        "stacks": found,
    }


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def signed(share: float) -> str:
    """Percentage points with their sign; what rounds to nothing has none."""
    points = round(100 * share, 1)
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{abs(points):.1f}"


def drawn(sides: Sides, views: Sequence[View], database: Path) -> str:
    """The page of the sides."""
    values = {
        "base": sides.base,
        "head": sides.head,
        "sides": sides.both,
        "views": views,
        "groups": GROUPS,
        "unlike": differences(sides),
        "quick": any(side.size == "quick" for side in sides.both),
        "database": database.name,
    }
    return render("flamegraph", values, {"percent": percent, "signed": signed})


def differences(sides: Sides) -> list[str]:
    """In what the two differ beside their framework and version."""
    if sides.head is None:
        return []
    sizes = {side.size for side in sides.both}
    return [*unlike(sides.base, sides.head), *(["size"] if len(sizes) > 1 else [])]


def scopes(connection: duckdb.DuckDBPyConnection, sides: Sides) -> dict[str, Row]:
    """Speedscope documents by trial."""
    names = {trial: side for side in sides.both for trial in side.passes.values()}
    found = {}
    for tool, trial in sides.passes():
        folded = rows(connection, "folded", trial=trial, tool=tool)
        side = names[trial]
        found[trial] = speedscope.document(
            {row["frames"]: row["value"] for row in folded},
            f"{side.label}, {side.load}, {tool}, {trial}", tool,
        )  # fmt: skip
    return found


def read(database: Path, words: Sequence[str], newest: Mapping[str, str], tool: str | None
         ) -> tuple[Sides, list[View], dict[str, Row]]:  # fmt: skip
    """Everything in one short visit. Raises UsageError on words that name no profile."""
    with open_database(database, read_only=True) as connection:
        finder = Finder(connection, newest, tool)
        base, head = finder.two(*words) if len(words) == 2 else (finder.one(words[0]), None)
        sides = Sides(base, head, finder.tools)
        views = [read_view(connection, sides, each) for each in sides.shared_tools()]
        return sides, views, scopes(connection, sides)


def flamegraph_command(matrix: Matrix, options: argparse.Namespace) -> int:
    """Write the page and the speedscope files into OUT; returns 0.

    Raises UsageError on words that name no profile, BenchError where there are none at all or the
    folder cannot be written.
    """
    newest = {f.name: f.versions[0] for f in matrix.frameworks.values()}
    sides, views, documents = read(options.db, options.trials, newest, options.tool)
    out: Path = options.out
    first = sides.shared_tools()[0]
    name = page_name(sides.base.passes[first], sides.head.passes[first] if sides.head else None)
    try:
        out.mkdir(parents=True, exist_ok=True)
        page = write(out / name, drawn(sides, views, options.db))
        for trial, document in documents.items():
            write(out / f"{trial}.speedscope.json", json.dumps(document))
    except OSError as error:
        raise BenchError(
            f"{out} cannot be written: {error}; name another folder with --out"
        ) from None
    summarise(Console(highlight=False, soft_wrap=True), sides, views, page)
    return 0


def summarise(console: Console, sides: Sides, views: Sequence[View], page: Path) -> None:
    """Say where the page is, and of two passes which group gained and lost most."""
    names = " against ".join(side.label for side in reversed(sides.both))
    console.print(f"{page}: {names}, {sides.base.load} · open it in a browser")
    for view in views if sides.head else ():
        gains = sorted(view.groups, key=lambda g: g["gained"])
        told = ", ".join(f"{g['name']} {signed(g['gained'])}" for g in (gains[-1], gains[0]))
        console.print(f"{view.tool}, points of share: {told}")
    files = ", ".join(f"{trial}.speedscope.json" for view in views for trial in view.trials)
    console.print(f"for speedscope.app, beside it: {files}")
