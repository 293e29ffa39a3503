"""``python -m tests.page``: the page of the whole matrix, how large it is and how soon it is there.

A made-up database of every scenario by all frameworks on five brokers, a report of it as the
command writes it, and Chromium over that. Every figure has its bound beside it; the exit code is 1
where one is missed. It wants a quiet machine.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page, sync_playwright

from harness.cli.matrix import read_matrix
from harness.report.page.build import build
from harness.scenario.catalogue import load_scenarios
from infrastructure.names import NAMES
from tests.made.browser import WIDE, Visit, chromium
from tests.made.matrix import fill_matrix
from tests.made.rows import made

NOT_REAL = {"raw", "stub"}
# Milliseconds until the page can be used: it is loaded, and no script has work left.
LOADED = """() => new Promise((done) => setTimeout(() => done(
  performance.getEntriesByType("navigation")[0].loadEventEnd)))"""
# Whether the browser skips a scenario, as it does once that is out of sight.
FAR = """(name) => !document.querySelector(`#${name} ~ .scroll`)
  .checkVisibility({ contentVisibilityAuto: true })"""
# Milliseconds from the click on a filter's box until the browser has drawn what follows.
CLICK = """(box) => new Promise((done) => {
  const begun = performance.now();
  box.click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})"""


class Figure(NamedTuple):
    name: str
    value: float
    most: float
    unit: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep database and report there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        found = [*built(folder), *visited(folder / "out" / "index.html")]
    for figure in found:
        missed = "  MISSED" if figure.value > figure.most else ""
        print(f"{figure.name:34} {figure.value:9,.2f} of {figure.most:g} {figure.unit}{missed}")
    return int(any(figure.value > figure.most for figure in found))


def built(folder: Path) -> Iterator[Figure]:
    database = folder / "r.duckdb"
    if not database.exists():
        frameworks = sorted(set(read_matrix().frameworks) - NOT_REAL)
        made(folder, lambda rows: fill_matrix(rows, frameworks, NAMES))
    begun, spent = time.monotonic(), time.process_time()
    build(database, folder / "out", print)
    yield Figure("build", time.monotonic() - begun, 20, "s")
    yield Figure("CPU of it", time.process_time() - spent, 20, "s")
    page = folder / "out" / "index.html"
    yield Figure("first load", page.stat().st_size / 1e6, 3, "MB")


def visited(page: Path) -> Iterator[Figure]:
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        how: dict[str, Any] = {"viewport": WIDE}
        opened = browser.new_page(**how)
        Visit(opened, page.as_uri())
        yield Figure("interactive", opened.evaluate(LOADED) / 1e3, 2, "s")
        yield from clicked(opened, "click")
        for name in load_scenarios():
            opened.evaluate("(name) => document.getElementById(name).scrollIntoView()", name)
            opened.wait_for_selector(f"#{name} ~ .scroll", state="attached")
        opened.evaluate("scrollTo(0, 0)")
        opened.wait_for_function(FAR, arg=name)
        yield from clicked(opened, "click, all read")
        elements = opened.evaluate("document.querySelectorAll('*').length")
        yield Figure("elements, all read", elements / 1e3, 450, "thousand")
        browser.close()


def clicked(page: Page, what: str) -> Iterator[Figure]:
    """On, off and on another: each box is left as it was."""
    page.locator(".filter details").evaluate("(element) => { element.open = true }")
    for name in ("framework", "broker"):
        box = page.locator(f'.filter input[name="{name}"]').first
        for state in ("on", "off"):
            yield Figure(f"{what}: {name} {state}", box.evaluate(CLICK), 200, "ms")


if __name__ == "__main__":
    sys.exit(main())
