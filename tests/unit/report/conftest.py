"""Databases and a page that many tests read, made once."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from harness.report.page.select import Selection, select
from tests.made.databases import compared, fill, fill_profile
from tests.made.html import Page
from tests.made.pages import undrawn, written
from tests.made.rows import Rows, filling, made

Filler = Callable[[Rows], None]


@pytest.fixture(scope="session")
def two_arms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alpha and beta, with what a profiler pass saw. Only to be read."""
    folder = tmp_path_factory.mktemp("two_arms")
    profile = folder / "profiles" / "py spy.svg"
    profile.parent.mkdir()
    profile.write_text("<svg/>")
    return made(folder, fill, fill_profile)


@pytest.fixture(scope="session")
def with_series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alpha and beta, and a later series of versions. Only to be read."""
    series = partial(compared, name="series", day=5)
    return made(tmp_path_factory.mktemp("with_series"), fill, series)


@pytest.fixture(scope="session")
def page(two_arms: Path) -> Page:
    """The report on two arms, drawn."""
    return written(two_arms, two_arms.parent / "out")


@pytest.fixture(scope="session")
def out(two_arms: Path, page: Page) -> Path:
    """The folder of the report on two arms."""
    assert page.source
    return two_arms.parent / "out"


@pytest.fixture
def undrawn_page(database: Path, tmp_path: Path) -> Callable[[Filler], Page]:
    """The page of what a function fills the database with, without its drawings; again: of what it
    adds.
    """

    def make(fill: Filler) -> Page:
        with filling(database) as rows:
            fill(rows)
        with undrawn():
            return written(database, tmp_path / "out")

    return make


@pytest.fixture
def selected(database: Path) -> Callable[[Filler], Selection]:
    """What a page would be laid out from, of what a function fills the database with."""

    def make(fill: Filler) -> Selection:
        with filling(database) as rows:
            fill(rows)
        found, _ = select(database)
        return found

    return make


@pytest.fixture
def changeable(with_series: Path, database: Path) -> Path:
    """A copy of ``with_series`` that a test may add to."""
    return Path(shutil.copy(with_series, database))
