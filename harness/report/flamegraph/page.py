"""``flamegraph``: a page with the flamegraphs of one profiler pass or of two and their difference.

Every share comes from a query in ``report/sql/flamegraph/``; the template draws them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from harness.report.files import write
from harness.report.flamegraph import speedscope
from harness.report.flamegraph.finder import Finder
from harness.report.flamegraph.groups import GROUPS
from harness.report.flamegraph.rows import FoldedStack
from harness.report.flamegraph.shares import percent, signed
from harness.report.flamegraph.sides import Sides
from harness.report.flamegraph.view import View, read_view
from harness.report.render import render
from harness.report.rows.fetch import fetch_as
from harness.store.database import open_database


@dataclass(frozen=True)
class Found:
    """What the words of a person mean: the sides, a view a tool, a speedscope document a trial."""

    sides: Sides
    views: list[View]
    documents: Mapping[str, speedscope.Document]


def read(
    database: Path, words: Sequence[str], newest: Mapping[str, str], tool: str | None
) -> Found:
    """Everything in one short visit. Raises UsageError on words that name no profile."""
    with open_database(database, read_only=True) as connection:
        finder = Finder(connection, newest, tool)
        base, head = finder.two(*words) if len(words) == 2 else (finder.one(words[0]), None)
        sides = Sides(base, head, finder.tools)
        views = [read_view(connection, sides, each) for each in sides.shared_tools]
        return Found(sides, views, documents(connection, sides))


def documents(
    connection: duckdb.DuckDBPyConnection, sides: Sides
) -> dict[str, speedscope.Document]:
    """Speedscope documents by trial."""
    found = {}
    for tool in sides.shared_tools:
        for side in sides.both:
            trial = side.passes[tool]
            asked = {"trial": trial, "tool": tool}
            stacks = fetch_as(FoldedStack, connection, "flamegraph_folded", asked)
            title = f"{side.label}, {side.load}, {tool}, {trial}"
            folded = {stack.frames: stack.value for stack in stacks}
            found[trial] = speedscope.document(folded, title, tool)
    return found


def page(found: Found, database: Path) -> str:
    sides = found.sides
    values = {
        "base": sides.base,
        "head": sides.head,
        "sides": sides.both,
        "views": found.views,
        "drawings": [asdict(view.drawing) for view in found.views],
        "groups": GROUPS,
        "unlike": sides.differences,
        "quick": any(side.size == "quick" for side in sides.both),
        "database": database.name,
    }
    return render("flamegraph/page", values, {"percent": percent, "signed": signed})


def write_page(found: Found, database: Path, out: Path) -> Path:
    """The page and the speedscope files into a folder; returns the page."""
    out.mkdir(parents=True, exist_ok=True)
    for trial, document in found.documents.items():
        write(out / f"{trial}.speedscope.json", json.dumps(document))
    return write(out / found.sides.page_name, page(found, database))


def summary(found: Found) -> Iterator[str]:
    """Of two passes which group gained and lost most; where the speedscope files are."""
    for view in found.views if found.sides.head else ():
        gains = sorted(view.groups, key=lambda group: group.gained)
        told = ", ".join(f"{group.name} {signed(group.gained)}" for group in (gains[-1], gains[0]))
        yield f"{view.tool}, points of share: {told}"
    files = ", ".join(f"{trial}.speedscope.json" for view in found.views for trial in view.trials)
    yield f"for speedscope.app, beside it: {files}"
