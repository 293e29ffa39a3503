"""Lay out: what profiler passes saw, with links to their files."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from harness.report.rows.grouped import grouped
from harness.report.rows.place import AtPoint
from harness.report.rows.profiles import Profile
from harness.scenario.catalogue import load_words

SHOWN = {".svg", ".html"}  # what a browser shows


class Link(NamedTuple):
    address: str
    name: str


@dataclass(frozen=True)
class Pass:
    """A profiler pass with its pages and drawings that are still there."""

    profile: Profile
    links: list[Link]


def linked(profiles: Sequence[Profile], base: Path, out: Path) -> list[Pass]:
    """``base``: the folder that the files are beside; ``out``: that of the report."""
    return [Pass(profile, links(profile.files, base, out)) for profile in profiles]


def links(files: str | None, base: Path, out: Path) -> list[Link]:
    paths = [base / path for path in json.loads(files or "[]")]
    return [
        Link(quote(Path(os.path.relpath(path, out)).as_posix()), path.name)
        for path in paths
        if shows(path)
    ]


def shows(path: Path) -> bool:
    """Whether it is something that a browser shows."""
    return path.suffix in SHOWN and path.exists()


def by_load[T: AtPoint](rows: Sequence[T]) -> list[tuple[str, list[T]]]:
    """Rows of an arm at a load, under a title."""
    return [(titled(own[0]), own) for own in grouped(rows, titled)]


def titled(row: AtPoint) -> str:
    return f"{row.label}: {load_words((row.scenario, row.point))}"
