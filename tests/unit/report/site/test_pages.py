"""The pages around the reports: the answer, frameworks, and the trials behind figures."""

from pathlib import Path
from urllib.parse import urldefrag

import pytest

from harness.report.answer.lines import kills_said
from harness.report.page.select import select
from harness.report.site.answer import Answer
from harness.report.site.frameworks import Series, standings
from harness.report.site.pages import read_series
from harness.report.site.trials import anchor, read_trials
from tests.made.databases import compared, fill, released
from tests.made.html import Page
from tests.made.pages import undrawn
from tests.made.rows import made
from tests.made.surveys import FRAMEWORKS, UNKILLED, fill_survey
from tests.typed import run


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey, a bench of other arms, versions and releases of Celery. Only to be read."""
    place = tmp_path_factory.mktemp("pages")
    return made(place, fill, fill_survey, lambda rows: compared(rows, "series", day=20), released)


@pytest.fixture(scope="module")
def answer(database: Path) -> Answer:
    return Answer(select(database, "survey-1")[0], "survey-1")


@pytest.fixture(scope="module")
def site(database: Path) -> Path:
    with undrawn():
        run("publish", "--db", str(database), "--out", str(database.parent / "site"))
    return database.parent / "site"


def page(site: Path, address: str) -> Page:
    return Page((site / address).read_text())


def test_the_front_page_is_that_of_the_newest_survey(site: Path) -> None:
    front = page(site, "index.html")
    assert "drains 3.0× as many tasks/s as the next, huey 1.0 · redis" in front.text
    assert "alpha" not in front.text.split("Read on")[0]
    assert "series" in front.text.split("Read on")[1]
    assert "2 of 5 frameworks do again all that killed workers had begun" in front.text
    assert "no worker began a task within 2 s" in front.text


def test_every_figure_leads_to_its_trials(site: Path) -> None:
    front = page(site, "index.html")
    behind = [urldefrag(address) for address in front.addresses if address.startswith("trials/")]
    figures = [address for address, place in behind if place]
    assert len(figures) == 5 * len(FRAMEWORKS) + 3
    for address, place in behind:
        assert not place or place in page(site, address).ids


def test_a_page_of_trials_has_each_with_its_settings_and_status(site: Path) -> None:
    trials = page(site, "trials/survey-1/index.html")
    assert " — 1 ok drain rate 1,610 tasks/s; workers CPU per task 621 µs; " in trials.text
    assert "2 × 4, prefetch 8, acks late valkey 9" in trials.text
    assert "invalid no worker began a task within 2 s" in trials.text
    assert '{"blocks": 6}' in trials.text


def test_there_is_a_page_per_framework(site: Path) -> None:
    names = {path.parent.name for path in site.glob("frameworks/*/index.html")}
    assert names == {UNKILLED, *(of.framework for of in FRAMEWORKS)}
    celery = page(site, "frameworks/celery/index.html")
    assert "before the task; after it with acks_late" in celery.text
    assert "8 tasks at work, done again: not within 11 min ." in celery.text
    assert "A dead worker's tasks come back after up to 100 s" in celery.text
    assert celery.tags["svg"] > 0
    assert page(site, "frameworks/huey/index.html").tags["svg"] == 0


def test_frameworks_are_placed_among_frameworks(answer: Answer) -> None:
    lines = {line.arm.framework: line for line in answer.lines}
    drained, *_ = standings(lines["huey"], answer.rankings)
    assert (drained.place, drained.best, drained.apart) == (
        "2 of 6",
        "3.0×",
        ["dramatiq 1.0 · redis"],
    )
    floor, *_ = standings(lines["raw"], answer.rankings)
    assert (floor.place, floor.best) == ("", "best")
    _, late, *_ = standings(lines[UNKILLED], answer.rankings)
    assert (late.figure, late.why) == ("–", "no worker began a task within 2 s")


def test_nobody_was_killed(answer: Answer) -> None:
    assert kills_said([line for line in answer.lines if line.kill is None]) == ""


def test_a_series_is_drawn_on_the_page_of_its_framework(database: Path) -> None:
    found: Series = read_series(database)
    releases, versions = found.panels("celery")
    assert (releases.experiment, versions.experiment) == ("history", "series")
    assert "5.2" in releases.words
    assert found.panels("huey") == []


def test_trials_of_an_arm_share_an_anchor(database: Path) -> None:
    found = {anchor(t.scenario, t) for t in read_trials(database) if t.framework == "taskiq"}
    assert found == {
        f"{scenario}-taskiq-1.0-3.12.1-redis-embedded-matched"
        for scenario in ("killed", "latency", "throughput")
    }
