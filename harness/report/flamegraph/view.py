"""All that the page shows of one tool."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from harness.cli.numbers import MIB
from harness.report.flamegraph.groups import GROUPS, group_of
from harness.report.flamegraph.rows import StackShare
from harness.report.flamegraph.shares import (
    Ranking,
    compare_passes,
    group_shares,
    percent,
    rankings,
)
from harness.report.flamegraph.sides import Sides

TITLES = {
    "py-spy": "CPU: where the samples of the workers are",
    "memray": "Memory: what is allocated at the peak",
}
UNITS = {"py-spy": "samples", "memray": "bytes"}

Folded = tuple[list[int], int, int]  # places of its frames, values of base and head


@dataclass(frozen=True)
class GroupShare:
    """A group of frames with its own shares, and what they are in samples or MiB, in words."""

    name: str
    number: int
    base: float
    head: float
    gained: float
    amounts: list[str]


@dataclass(frozen=True)
class Drawing:
    """What the script draws: frames once, each with its group (-1: its caller's), and stacks."""

    tool: str
    unit: str
    totals: list[int]
    frames: list[str]
    groups: list[int]
    stacks: list[Folded]


@dataclass(frozen=True)
class View:
    """One tool's look at the sides; ``trials`` and ``totals``: base, head."""

    tool: str
    title: str
    trials: list[str]
    totals: list[str]  # in words
    groups: list[GroupShare]
    rankings: list[Ranking]
    arena: list[str]  # share of the 1 MiB in which Python takes memory, where that matters
    drawing: Drawing


def read_view(connection: duckdb.DuckDBPyConnection, sides: Sides, tool: str) -> View:
    """The stacks of one tool, their difference and what follows from it."""
    trials = sides.trials(tool)
    found = compare_passes(connection, tool, trials[0], trials[1] if sides.head else None)
    both = (sum(s.base for s in found.stacks), sum(s.head for s in found.stacks))
    totals = list(both[: len(trials)])
    return View(
        tool,
        TITLES[tool],
        trials,
        [amount(total, tool) for total in totals],
        group_rows(found.stacks, totals, tool),
        rankings(found.functions, two=sides.head is not None),
        [percent(MIB / total) for total in totals] if tool == "memray" else [],
        drawing(found.stacks, totals, tool),
    )


def amount(value: int, tool: str) -> str:
    """In words: samples, or MiB."""
    return f"{value:,} samples" if tool == "py-spy" else f"{value / MIB:,.1f} MiB"


def group_rows(stacks: Sequence[StackShare], totals: Sequence[int], tool: str) -> list[GroupShare]:
    return [
        GroupShare(
            name,
            GROUPS.index(name),
            base,
            head,
            head - base,
            [amount(round(s * t), tool) for s, t in zip((base, head), totals, strict=False)],
        )
        for name, (base, head) in group_shares(stacks).items()
    ]


def drawing(stacks: Sequence[StackShare], totals: Sequence[int], tool: str) -> Drawing:
    places: dict[str, int] = {}
    folded: list[Folded] = [
        ([places.setdefault(frame, len(places)) for frame in s.frames.split(";")], s.base, s.head)
        for s in stacks
    ]
    owned = [group_of(place) for place in places]
    groups = [-1 if group is None else GROUPS.index(group) for group in owned]
    return Drawing(tool, UNITS[tool], list(totals), list(places), groups, folded)
