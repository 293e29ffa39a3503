"""Flamegraphs in a browser: what it draws, what keys do, whether everybody can use them."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.made.browser import PHONE, RULES, WIDE, Visit, chromium
from tests.made.flames import make_known, write_flames

# What a person at a keyboard does; what the page shows then is written into the title.
VISIT = """<script>
const graph = document.querySelector(".graph");
const type = (key) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true }));
const said = [graph.querySelectorAll("g").length];
graph.querySelector("[tabindex='0']").focus();
for (const key of ["ArrowDown", "ArrowDown", "Enter"]) type(key);
said.push(document.activeElement.dataset.name, graph.querySelectorAll("g").length);
type("Escape");
said.push(graph.querySelectorAll("g").length);
search.value = "RICH/";
search.dispatchEvent(new Event("input"));
said.push(graph.querySelectorAll("g.hit").length, document.getElementById("found").textContent);
document.title = said.join(" | ");
</script>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of two profiled versions."""
    folder = tmp_path_factory.mktemp("flame")
    return write_flames(make_known(folder), folder / "out")


def test_a_browser_draws_it_and_keys_zoom(page: Path, tmp_path: Path) -> None:
    visited = tmp_path / "visited.html"
    visited.write_text(page.read_text().replace("</body>", VISIT + "</body>"))
    done = subprocess.run(
        [
            chromium(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=3000",
            "--dump-dom",
            visited.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "CONSOLE" not in done.stderr, done.stderr[-2000:]
    assert 'data-drawn="6"' in done.stdout  # base, head and difference of two tools
    title = done.stdout.partition("<title>")[2].partition("</title>")[0]
    assert title == (
        "5 | get (redis/client.py) | 3 | 5 | 1 | "
        "py-spy: 60.0 % → 0.0 %, −60.0 points; memray: 0.0 % → 0.0 %, ±0.0 points"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everybody(page: Path, scheme: Any) -> None:
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for viewport in (WIDE, PHONE):
            how: dict[str, Any] = {"viewport": viewport, "color_scheme": scheme}
            seen = Visit(browser.new_context(**how).new_page(), page.as_uri())
            seen.page.wait_for_selector("[data-drawn='6']", state="attached")
            found = Axe().run(seen.page, options={"runOnly": RULES}).response
            assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
            width = seen.page.evaluate("document.documentElement.scrollWidth")
            assert (width, seen.complaints) == (viewport["width"], [])
        browser.close()
