"""The report's page in a browser: what its filters hide, and whether everybody can use it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from harness.scenario.catalogue import load_scenarios
from tests.made.browser import PHONE, RULES, WIDE, Visit
from tests.made.databases import compared, fill_page
from tests.made.matrix import fill_matrix
from tests.made.pages import undrawn, without_pictures, write_report
from tests.made.rows import filling, made
from tests.typed import run

# Whatever can be scrolled has the keyboard's focus, and on a phone something can be.
REACHABLE = """() => {
  const all = [...document.querySelectorAll(".scroll")];
  const wide = all.filter((e) => e.scrollWidth > e.clientWidth);
  const reached = wide.every((e) => e.tabIndex === 0 && e.getAttribute("aria-label"));
  return reached && (innerWidth > 600 || wide.length > 0);
}"""

# The bar stands at the top, and does not cover the heading that was scrolled to.
BELOW_THE_BAR = """() => {
  const place = (e) => document.querySelector(e).getBoundingClientRect();
  const [bar, heading] = [place(".filter"), place("#validity")];
  return bar.top === 0 && heading.top >= bar.height;
}"""
A4 = {"width": 718, "height": 1047}  # px, within margins of 1 cm
MOST_BYTES, MOST_ELEMENTS = 3_000_000, 70_000
# What the page's scripts change of what was written, from the first element on.
CHANGES = """
  window.changes = 0;
  new MutationObserver((found) => { window.changes += found.length; })
    .observe(document, { attributes: true, subtree: true });
"""
# Whether the browser lays out nothing of a scenario.
SKIPS = """(name) => !document.querySelector(`#${name} ~ .scroll`)
  .checkVisibility({ contentVisibilityAuto: true })"""
# Whether every row of a scenario's tables that is not hidden is of the arms asked for.
NARROWED = """([name, arms]) => [...document.querySelectorAll(`#${name} ~ .scroll tbody tr`)]
  .every((row) => row.hidden || row.textContent.includes(arms))"""
A_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
# Drawings that are not laid out, by their words.
UNPRINTED = """() => [...document.querySelectorAll(".panel svg")]
  .filter((e) => !e.checkVisibility({ contentVisibilityAuto: true }) || e.clientHeight < 50)
  .map((e) => e.getAttribute("aria-label"))"""
# What is wider than the page, by its nearest words.
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("svg"))
  .map((e) => e.tagName + " " + e.textContent.trim().slice(0, 60))"""


def wait_for_status(seen: Visit, words: str) -> None:
    """Until the page says so, which it may do only after the event that was asked for."""
    says = "(words) => document.querySelector('.filter [role=status]').textContent === words"
    seen.page.wait_for_function(says, arg=words)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    write_report(made(folder, fill_page), folder / "out")
    return (folder / "out" / "index.html").as_uri()


@pytest.fixture(scope="module")
def full_matrix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every scenario on eight arms, in parts as it is on eighty."""
    folder = tmp_path_factory.mktemp("matrix")
    arms = ("alpha", "beta", "gamma", "delta"), ("rabbitmq", "redis")
    database = made(folder, lambda rows: fill_matrix(rows, *arms))
    with without_pictures(), pytest.MonkeyPatch.context() as patched:
        patched.setattr("harness.report.page.parts.MOST_BYTES", 10)
        write_report(database, folder / "out")
    return folder / "out" / "index.html"


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of ``address``, as if it were too large for one file."""
    folder = tmp_path_factory.mktemp("parted")
    database = made(folder, fill_page)
    with undrawn(), pytest.MonkeyPatch.context() as patched:
        patched.setattr("harness.report.page.parts.MOST_BYTES", 10)
        write_report(database, folder / "out")
    return (folder / "out" / "index.html").as_uri()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Open the page; ``query`` follows its address, the rest is the browser's."""
    contexts: list[BrowserContext] = []

    def open_page(query: str = "", **how: Any) -> Visit:
        asked: dict[str, Any] = {"viewport": WIDE, **how}
        contexts.append(browser.new_context(**asked))
        return Visit(contexts[-1].new_page(), address + query)

    yield open_page
    for context in contexts:
        context.close()


# ── For everybody ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"]
)
def test_axe_finds_nothing_to_mend(
    visit: Callable[..., Visit], scheme: str, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport, color_scheme=scheme).page
    page.locator("details").evaluate_all("(all) => all.forEach((each) => { each.open = true })")
    page.add_style_tag(content="section { content-visibility: visible !important }")  # lay all out
    page.wait_for_function(REACHABLE)
    found = Axe().run(page, options={"runOnly": RULES}).response
    assert len(found["passes"]) > 20
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_axe_would_find_something(visit: Callable[..., Visit]) -> None:
    """The check itself works: take the labels from the boxes, and it complains."""
    page = visit().page
    page.locator(".filter label").evaluate_all("(all) => all.forEach((e) => e.lastChild.remove())")
    page.locator(".filter details").evaluate("(element) => { element.open = true }")
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert "label" in {v["id"] for v in violations}


def test_the_keyboard_is_enough(visit: Callable[..., Visit]) -> None:
    seen = visit()
    keys = seen.page.keyboard
    seen.page.focus(".filter summary")
    for key in ("Enter", "Tab", "Space"):
        keys.press(key)
    assert seen.status == "1 of 7 arms shown: framework alpha"
    keys.press("Escape")
    assert not seen.page.locator(".facets").is_visible()
    assert seen.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_what_comes_near_by_scrolling_can_be_reached(visit: Callable[..., Visit]) -> None:
    page = visit(viewport=PHONE).page
    table = "#latency ~ .scroll"
    assert page.locator(table).first.get_attribute("tabindex") is None  # not laid out yet
    page.locator("#latency").scroll_into_view_if_needed()
    page.wait_for_selector(f"{table}[tabindex]")


def test_it_asks_for_nothing_and_complains_of_nothing(
    visit: Callable[..., Visit], address: str
) -> None:
    seen = visit()
    seen.tick("framework", "alpha", "celery")
    seen.page.click("text=Show all")
    assert [each for each in seen.requests if each != "data:,"] == [address]  # that is its icon
    assert seen.complaints == []


def test_without_the_script_everything_is_there(visit: Callable[..., Visit]) -> None:
    seen = visit("?framework=alpha", java_script_enabled=False)
    assert not seen.page.locator(".filter").is_visible()
    assert len(seen.column()) == 7
    assert seen.shown("[hidden]") == []
    assert seen.page.locator("main [hidden]").count() == 0


# ── Filters ──────────────────────────────────────────────────────────────────────────────────


def test_a_choice_hides_rows_columns_and_marks_of_other_arms(visit: Callable[..., Visit]) -> None:
    seen = visit()
    assert seen.status == "7 of 7 arms shown"
    assert len(seen.column()) == 7
    chart = seen.page.locator('svg[aria-label^="Drain rate, median"]').first
    rows = chart.locator("[data-row]:has(text)")
    assert rows.filter(has_text="beta").first.is_visible()
    height = float(chart.get_attribute("height") or 0)

    seen.tick("framework", "alpha")
    assert seen.status == "1 of 7 arms shown: framework alpha"
    assert seen.column() == ["alpha 1.0 · redis"]
    names = seen.shown("#throughput ~ .scroll tbody th")
    assert names
    assert set(names) == {"alpha 1.0 · redis"}
    assert set(seen.shown("#throughput ~ figure .key li")) == {"●alpha 1.0 · redis"}
    assert not any(each.is_visible() for each in rows.filter(has_text="beta").all())
    assert rows.filter(has_text="alpha").first.is_visible()
    marks = chart.locator('[data-every="2"]').all()
    assert len(marks) == 2  # label, and bar with figure and its only trial
    assert not any(each.is_visible() for each in marks)
    pitch = float(chart.get_attribute("data-pitch") or 0)
    assert 30 < pitch < 45  # px a row: six rows leave no gap
    assert float(chart.get_attribute("height") or 0) == pytest.approx(height - 6 * pitch)
    assert seen.page.locator("#latency").is_visible()
    assert not seen.page.locator("#brokers").is_visible()  # gamma alone was on two


def test_hidden_marks_of_lines_are_gone_and_others_stay(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.tick("framework", "beta")
    chart = seen.page.locator('svg[aria-label^="Sojourn p50 by offered load"]')
    marks = {
        each.get_attribute("data-every"): each.is_visible()
        for each in chart.locator("g[data-every]:has(use)").all()
    }
    assert marks == {"1": False, "2": True}
    titles = chart.locator("title").all_text_contents()
    assert "beta 1.0 · redis, load 0.5: a trial, 1.75 ms" in titles


def test_facets_are_combined_and_every_one_lists_what_is_wanted(
    visit: Callable[..., Visit],
) -> None:
    seen = visit()
    seen.tick("framework", "gamma", "celery")
    seen.tick("broker", "mysql")
    assert seen.status == "1 of 7 arms shown: framework celery, gamma; broker mysql"
    assert seen.column() == ["gamma 1.0 · mysql"]
    seen.tick("version", "celery 5.1")
    assert seen.status.startswith("0 of 7 arms shown")
    assert seen.shown("main .matrix tbody tr") == []
    seen.page.click("text=Show all")
    wait_for_status(seen, "7 of 7 arms shown")  # when the boxes are empty
    assert len(seen.column()) == 7


def test_a_verdict_is_shown_with_both_its_arms_only(visit: Callable[..., Visit]) -> None:
    seen = visit()
    assert len(seen.shown(".forest tbody tr")) == 2
    seen.tick("version", "celery 5.2", "celery 5.3")
    assert len(seen.shown(".forest tbody tr")) == 1
    seen.tick("version", "celery 5.1")
    assert len(seen.shown(".forest tbody tr")) == 2
    seen.tick("experiment", "gamma-redis")
    assert seen.shown(".forest tbody tr") == []


def test_an_experiment_hides_what_an_arm_did_in_another(visit: Callable[..., Visit]) -> None:
    seen = visit()
    assert seen.page.locator("#cold_start").is_visible()
    seen.tick("experiment", "a")
    assert seen.column() == ["alpha 1.0 · redis"]
    assert seen.page.locator("#throughput").is_visible()
    assert not seen.page.locator("#cold_start").is_visible()
    assert not any("cold start" in row for row in seen.shown(".matrix tbody tr"))


def test_the_address_keeps_the_choice(visit: Callable[..., Visit]) -> None:
    seen = visit("?other=1#latency")
    seen.tick("version", "celery 5.2")
    seen.tick("broker", "redis")
    kept = urlsplit(seen.page.url)
    wanted = [("other", "1"), ("version", "celery 5.2"), ("broker", "redis")]
    assert sorted(parse_qsl(kept.query)) == sorted(wanted)
    assert kept.fragment == "latency"

    again = visit(f"?{kept.query}")
    assert again.status == "1 of 7 arms shown: version celery 5.2; broker redis"
    assert again.column() == ["celery 5.2 · redis"]
    assert again.page.is_checked('input[value="celery 5.2"]')
    assert not again.page.is_checked('input[value="celery 5.1"]')


def test_paper_shows_what_the_screen_shows(visit: Callable[..., Visit]) -> None:
    seen = visit("?framework=beta")
    seen.page.emulate_media(media="print")
    assert seen.column() == ["beta 1.0 · redis"]
    assert seen.status == "1 of 7 arms shown: framework beta"
    assert not seen.page.locator(".filter summary").is_visible()


def test_paper_is_wide_enough_and_has_what_is_closed(visit: Callable[..., Visit]) -> None:
    page = visit(viewport=A4).page
    closed = "main details:not([open])"
    before = page.locator(closed).count()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(UNPRINTED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    assert {e.get_attribute("id") or "" for e in page.locator(f"{closed} pre").all()} >= {
        "query-arms"
    }
    assert page.locator("main > :not([aria-labelledby=queries]) details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(closed).count() == before


def test_a_link_to_a_query_opens_it(visit: Callable[..., Visit]) -> None:
    page = visit().page
    assert not page.locator("#query-states").is_visible()
    page.locator('#throughput ~ .scroll a[href="#query-states"]').first.click()
    page.wait_for_selector("#query-states", state="visible")
    assert "-- Purpose: one row a scenario" in (page.locator("#query-states").text_content() or "")


def test_a_tap_and_the_keyboard_tell_values(visit: Callable[..., Visit]) -> None:
    seen = visit()
    panel = seen.page.locator('.panel:has(svg[aria-label^="Drain rate, median"])').first
    panel.locator("svg").click(position={"x": 150, "y": 20})
    told = panel.locator("output").text_content() or ""
    assert told in panel.locator("title").all_text_contents()
    panel.get_by_role("button", name="Enlarge").click()
    dialog = seen.page.get_by_role("dialog")
    dialog.get_by_text("Values").focus()
    seen.page.keyboard.press("Enter")
    listed = dialog.locator("li").all_text_contents()
    assert listed.count("alpha 1.0 · redis: trials at 1,000; 1,234; 1,500 tasks/s") == 1
    assert listed.count("alpha 1.0 · redis: median 1,234 tasks/s") == 1
    box = dialog.bounding_box()  # what does not fit is scrolled to
    assert box is not None
    assert box["y"] >= 0
    assert box["height"] <= WIDE["height"]


def test_a_heading_sorts_a_pivot(visit: Callable[..., Visit]) -> None:
    page = visit().page
    table = page.locator(".pivot").first
    names = table.locator("tbody th")
    heading = table.get_by_role("button", name="redis")
    heading.click()
    assert names.all_text_contents()[:3] == ["alpha 1.0", "gamma 1.0", "beta 1.0"]
    heading.click()
    assert names.all_text_contents()[-3:] == ["beta 1.0", "gamma 1.0", "alpha 1.0"]
    assert table.locator("[aria-sort=ascending]").count() == 1


def test_a_search_narrows_the_page_and_stays_in_the_address(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.fill("#search", "gamma MYSQL")
    assert seen.column() == ["gamma 1.0 · mysql"]
    assert seen.status == "1 of 7 arms shown: search gamma, mysql"
    again = visit("?search=beta")
    assert again.column() == ["beta 1.0 · redis"]
    again.page.click("text=Show all")
    wait_for_status(again, "7 of 7 arms shown")


def test_a_large_page_reads_its_parts_from_files(browser: Browser, parted: str) -> None:
    how: dict[str, Any] = {"viewport": WIDE}
    page = browser.new_context(**how).new_page()
    seen = Visit(page, f"{parted}?framework=beta")
    page.locator("#latency").scroll_into_view_if_needed()
    page.wait_for_selector("#latency ~ .scroll table", state="attached")
    names = page.locator("#latency ~ .scroll tbody th")
    assert {each.text_content() for each in names.all() if each.is_visible()} == {
        "beta 1.0 · redis"
    }
    assert seen.complaints == []
    assert all(each.startswith(("file:", "data:")) for each in seen.requests)
    assert any(each.endswith("/data/latency.js") for each in seen.requests)
    page.close()


def test_a_matrix_of_arms_is_small(full_matrix: Path) -> None:
    """A tenth of the whole, which ``python -m tests.page`` holds to its bounds, times too."""
    assert full_matrix.stat().st_size <= MOST_BYTES / 10


def test_a_matrix_opens_and_is_narrowed_without_much_to_do(
    browser: Browser, full_matrix: Path
) -> None:
    how: dict[str, Any] = {"viewport": WIDE}
    page = browser.new_context(**how).new_page()
    page.add_init_script(CHANGES)
    seen = Visit(page, full_matrix.as_uri())
    page.evaluate(A_FRAME)  # its last script runs before the first
    assert page.locator("section[data-scenario] h2").count() == len(load_scenarios())
    assert page.evaluate("document.querySelectorAll('*').length") <= MOST_ELEMENTS / 10
    assert page.evaluate("window.changes") <= 20  # opening looks at no mark

    for name in load_scenarios():
        page.evaluate("(name) => document.getElementById(name).scrollIntoView()", name)
        page.wait_for_selector(f"#{name} ~ .scroll", state="attached")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(SKIPS, arg="soak")
    marks, before = page.locator("[data-every]").count(), page.evaluate("window.changes")
    seen.tick("framework", "alpha")
    page.evaluate(A_FRAME)
    assert 100 < page.evaluate("window.changes") - before < marks / 2  # those in sight
    page.evaluate("document.getElementById('soak').scrollIntoView()")
    page.wait_for_function(NARROWED, arg=["soak", "alpha"])
    assert not page.evaluate(NARROWED, ["recovery", "alpha"])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(NARROWED, ["recovery", "alpha"])  # paper has no far
    assert seen.complaints == []
    page.close()


def test_the_bar_stays_in_sight_and_leaves_the_phone_its_width(visit: Callable[..., Visit]) -> None:
    page = visit(viewport=PHONE).page
    page.evaluate("document.querySelector('#validity').scrollIntoView()")
    page.wait_for_function(BELOW_THE_BAR)  # sections above get their height as they come near
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_chart_can_be_enlarged_by_the_keyboard(visit: Callable[..., Visit]) -> None:
    seen = visit()
    panel = seen.page.locator("section[data-scenario] .panel").first
    small = panel.locator("svg").bounding_box()
    button = panel.get_by_role("button", name="Enlarge")
    button.focus()
    seen.page.keyboard.press("Enter")
    dialog = seen.page.get_by_role("dialog")
    assert dialog.get_attribute("aria-label") == panel.locator("h3, h4").first.text_content()
    large = dialog.locator("svg").bounding_box()
    assert small is not None
    assert large is not None
    assert large["width"] > 1.5 * small["width"]
    assert large["x"] + large["width"] <= WIDE["width"]
    assert not Axe().run(seen.page, options={"runOnly": RULES}).response["violations"]
    seen.page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert button.evaluate("(element) => element === document.activeElement")
    assert seen.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_site_is_for_everybody_too(browser: Browser, tmp_path: Path, scheme: Any) -> None:
    with filling(tmp_path / "r.duckdb") as rows:
        compared(rows, "series-1")
        compared(rows, "series-2", day=2)
    run("publish", "--db", str(tmp_path / "r.duckdb"), "--out", str(tmp_path / "site"))
    how: dict[str, Any] = {"viewport": PHONE, "color_scheme": scheme}
    for name in ("index.html", "history/index.html"):
        address = (tmp_path / "site" / name).as_uri()
        seen = Visit(browser.new_context(**how).new_page(), address)
        # Its style sheet, a file beside it, cannot be read by a script of a page from a file.
        found = Axe().run(seen.page, options={"runOnly": RULES, "preload": False}).response
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == [], name
        assert seen.complaints == []
        assert all(urlsplit(request).scheme in {"file", "data"} for request in seen.requests)
        seen.page.close()
