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
def undrawn() -> Iterator[None]:
    """Drawings are their words, pictures are files with what stands below them: for tests of what
    else a page says, since drawing takes most of the time.
    """

    def words(panel: Panel, _name: str) -> str:
        return f'<svg role="img" aria-label="{escape(panel.words)}"></svg>'

    def picture(_panels: object, path: Path, _title: str, foot: str) -> None:
        for ending in (".png", ".svg"):
            path.with_suffix(ending).write_text(foot)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("harness.report.render.svg", words)
        patched.setattr("harness.report.page.pictures.drawing", picture)
        yield
