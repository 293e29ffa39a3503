"""Reports as the command writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import pytest

from harness.report.charts.panel import Panel
from tests.made.html import Page
from tests.typed import run


def write_report(database: Path, out: Path, experiment: str | None = None) -> None:
    of_one = ("--experiment", experiment) if experiment else ()
    run("report", "--db", str(database), "--out", str(out), *of_one)


def written(database: Path, out: Path) -> Page:
    write_report(database, out)
    return Page((out / "index.html").read_text())


@contextmanager
def without_pictures() -> Iterator[None]:
    """The pictures beside a page are files with what stands below them: for tests of the page."""

    def picture(_panels: object, path: Path, _title: str, foot: str) -> None:
        for ending in (".png", ".svg"):
            path.with_suffix(ending).write_text(foot)

    def slide(_lines: object, path: Path, _title: str, _axis: str, foot: str) -> None:
        picture((), path, "", foot)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("harness.report.page.pictures.drawing", picture)
        patched.setattr("harness.report.page.slides.slide", slide)
        yield


@contextmanager
def undrawn() -> Iterator[None]:
    """Nor is the page drawn, of a drawing there are its words: for tests of what else it says,
    since drawing takes most of the time.
    """

    def words(panel: Panel) -> str:
        return f'<svg role="img" aria-label="{escape(panel.words)}"></svg>'

    with without_pictures(), pytest.MonkeyPatch.context() as patched:
        patched.setattr("harness.report.render.svg", words)
        yield
