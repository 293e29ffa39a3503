"""The site of the published results: for everybody, on any screen, without a network."""

from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from infrastructure.root import ROOT
from tests.made.browser import PHONE, RULES, WIDE, Visit
from tests.made.html import Page
from tests.typed import run

MOST_BYTES = 5_000_000
# What makes a page wider than the screen, by its first words.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth)
  .filter((e) => !e.parentElement.closest(".scroll"))
  .map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made from results/ alone."""
    out = tmp_path_factory.mktemp("published") / "site"
    run("publish", "--results", str(ROOT / "results"), "--out", str(out))
    return out


def pages(site: Path) -> list[str]:
    """One of each kind; the largest, with most to go wrong, and of documents three."""
    kinds = {"frameworks": 1, "trials": 1, "docs": 3}
    largest = [
        page
        for kind, most in kinds.items()
        for page in sorted(site.glob(f"{kind}/*/index.html"), key=size, reverse=True)[:most]
    ]
    fixed = (site / "index.html", site / "history" / "index.html")
    return [str(page.relative_to(site)) for page in (*fixed, *largest)]


def size(page: Path) -> int:
    return page.stat().st_size


def test_it_is_small(site: Path) -> None:
    assert sum(file.stat().st_size for file in site.rglob("*") if file.is_file()) < MOST_BYTES


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    known = {path.resolve(): Page(path.read_text()) for path in site.rglob("*.html")}
    links = 0
    for path, page in known.items():
        for address in page.addresses:
            if urlsplit(address).scheme in {"data", "http", "https"}:
                continue
            file, place = urldefrag(address)
            target = (path.parent / unquote(file)).resolve() if file else path
            assert target.is_relative_to(site.resolve())
            assert target.is_file(), (path, address)
            assert not place or unquote(place) in known[target].ids, (path, address)
            links += 1
    assert links > 300


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"]
)
def test_everybody_can_use_it(
    site: Path, browser: Browser, viewport: dict[str, int], scheme: str
) -> None:
    """axe finds nothing to mend, nothing is asked of a network, and no page is wider than the
    screen.
    """
    context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    for address in pages(site):
        seen = Visit(context.new_page(), (site / address).as_uri())
        seen.page.add_style_tag(content="section { content-visibility: visible !important }")
        assert seen.complaints == []
        assert {urlsplit(asked).scheme for asked in seen.requests} <= {"file", "data"}
        found = Axe().run(seen.page, options={"runOnly": RULES}).response
        assert len(found["passes"]) > 10, address
        wrong = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
        assert wrong == [], address
        assert seen.page.evaluate(TOO_WIDE) == [], address
        seen.page.close()
    context.close()


def test_a_report_of_twenty_arms_fits_a_phone(site: Path, browser: Browser) -> None:
    """What else a report has to do is tested where it is made."""
    largest = max(site.glob("experiments/*/index.html"), key=size)
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    seen = Visit(context.new_page(), largest.as_uri())
    seen.page.add_style_tag(content="section { content-visibility: visible !important }")
    assert seen.complaints == []
    assert seen.page.evaluate(TOO_WIDE) == []
    context.close()
