"""The README is short, links lead somewhere, and what only reads runs as it is shown."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from harness.cli.first_look import MINUTES
from harness.commands import COMMANDS
from infrastructure.root import ROOT
from tests.docs.test_commands import PAGES, typed
from tests.made.databases import compared, fill, fill_profile
from tests.made.pages import undrawn
from tests.made.rows import filling
from tests.typed import run

LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
READING = ("report", "results", "query", "export", "publish")
GIVEN = ("--db", "--results", "ID", "NAME", "…")  # words that stand for what somebody has
MOST_LINES = 150
MANNERED = (
    "CPU a task",
    "decides nothing",
    "for looking",
    "is for looking",
    "forgives itself",
    "a report an experiment",
    "to be had",
)


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def anchors(page: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return {f"#{slug(found)}" for found in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= MOST_LINES
    linked = {path for path, _ in LINK.findall(readme)}
    for page in (ROOT / "docs").glob("*.md"):
        assert f"docs/{page.name}" in linked
    assert f"It takes about {MINUTES}, including the build" in readme


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text()):
        if path.startswith(("http:", "https:")):
            continue
        there = (page.parent / path) if path else page
        assert there.exists(), path
        assert not anchor or anchor in anchors(there), f"{path}{anchor}"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only to be read."""
    database = tmp_path_factory.mktemp("guides") / "results.duckdb"
    with filling(database) as rows:
        fill(rows)
        fill_profile(rows)
        compared(rows, "series", day=5)
        rows.trial("a", "alpha", scenario="io_bound", metrics={"drain_rate": 90.0})
    return database


def reading() -> list[tuple[str, ...]]:
    """The lines of the documents that only read, with no words left to fill in."""
    found = []
    for line in typed():
        asked, _, words = line.partition(" -- ")
        [session] = shlex.split(asked, comments=True)
        own = shlex.split(words, comments=True)
        if session in READING and not any(word in words for word in GIVEN):
            found.append((session, *own))
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("line", reading(), ids=" ".join)
def test_what_only_reads_runs_as_it_is_shown(
    line: tuple[str, ...], measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On known rows, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    session, *words = line
    with undrawn():
        run(session, *words, "--db", str(measured))


def test_some_lines_only_read() -> None:
    assert {line[0] for line in reading()} >= {"report", "results", "query", "export"}
    assert set(READING) <= set(COMMANDS)


def test_no_mannered_phrase_is_left() -> None:
    """In documents, in what the program says, and on its pages."""
    ours = [*PAGES, *(ROOT / "harness").rglob("*.py"), *(ROOT / "harness").rglob("*.j2")]
    found = [
        f"{path.relative_to(ROOT)}: {phrase}"
        for path in ours
        for phrase in MANNERED
        if path.name != "CHANGELOG.md" and phrase in path.read_text()
    ]
    assert found == []
