"""A site of reports: everything that a page leads to is there, and nothing else is written over."""

import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from harness.commands.publish import published
from harness.report.site.publish import MARK
from harness.store.database import open_database
from infrastructure.errors import BenchError, StoreError
from infrastructure.root import ROOT
from tests.made.databases import compared
from tests.made.exports import exported
from tests.made.html import Page
from tests.made.pages import undrawn
from tests.made.rows import filling
from tests.typed import run

EXPERIMENTS = ("a", "b", "old", "series-1")


def publish(database: Path, out: Path) -> None:
    run("publish", "--db", str(database), "--out", str(out))


def filled(folder: Path) -> Path:
    """A database with four experiments and the files of a profiler pass beside it."""
    database = folder / "r.duckdb"
    with filling(database) as rows:
        arms = (("old", "alpha", 66_666.0), ("a", "alpha", 1_234.0), ("b", "beta", 321.0))
        for day, (name, arm, rate) in enumerate(arms, 1):
            rows.experiment(name, day)
            rows.trial(name, arm, metrics={"drain_rate": rate})
        compared(rows, "series-1", day=4)
        passed = rows.trial("a", "alpha", purpose="py-spy")
        files = [f"profiles/{passed}/py spy.svg", f"profiles/{passed}/raw.bin", "profiles/gone.svg"]
        rows.insert(
            "profile",
            trial_id=passed,
            tool="py-spy",
            status="ok",
            files="[" + ", ".join(f'"{name}"' for name in files) + "]",
        )
    for name in files[:2]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("<svg/>")
    return database


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("publish"))


@pytest.fixture(scope="module")
def site(filled_once: Path) -> Path:
    folder = filled_once.parent / "site"
    with undrawn():
        publish(filled_once, folder)
    return folder


def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text()) for path in site.rglob("index.html")}


def test_there_is_a_report_per_experiment_the_latest_and_the_history(site: Path) -> None:
    found = {str(path.parent.relative_to(site)) for path in pages(site)}
    own = {f"{of}/{name}" for of in ("experiments", "trials") for name in EXPERIMENTS}
    frameworks = {f"frameworks/{name}" for name in ("alpha", "beta", "celery")}
    documents = {f"docs/{path.stem}" for path in (ROOT / "docs").glob("*.md")}
    assert found == {".", "latest", "history", "queries", *own, *frameworks, *documents}
    front = Page((site / "index.html").read_text())
    assert "series-1" in front.text
    assert "1 equivalent; 1 faster" in front.text
    assert "66,666" in Page((site / "experiments" / "old" / "index.html").read_text()).text
    assert "66,666" not in Page((site / "latest" / "index.html").read_text()).text


def test_every_link_leads_somewhere_within_the_site(site: Path) -> None:
    led, ids = set(), {path.resolve(): set(page.ids) for path, page in pages(site).items()}
    for path, page in pages(site).items():
        for address in page.addresses:
            parts = urlsplit(address)
            assert parts.scheme in {"", "data"} or path.parent.parent.name == "docs", address
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            assert target.is_file(), (path, address)
            assert not parts.fragment or parts.fragment in ids[target], (path, address)
            assert target.is_relative_to(site.resolve())
            led.add(target)
    assert {p.resolve() for p in pages(site)} <= led | {(site / "index.html").resolve()}


def test_queries_stand_once_and_reports_lead_to_them(site: Path) -> None:
    for place in ("latest", "experiments/a"):
        report = Page((site / place / "index.html").read_text())
        assert "query-metrics" not in report.ids
        to = "../" * (place.count("/") + 1) + "queries/index.html"
        assert {f"{to}#queries", f"{to}#query-metrics"} <= set(report.addresses)


def test_profiles_that_a_browser_shows_come_along(site: Path) -> None:
    found = [str(p.relative_to(site)) for p in (site / "profiles").rglob("*") if p.is_file()]
    assert [Path(name).name for name in found] == ["py spy.svg"]


def test_it_may_be_written_again(
    site: Path, filled_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, and what another file left there stays; the pages themselves were drawn once."""
    again = shutil.copytree(site, tmp_path / "site")
    other = again / "experiments" / "of-another-file"
    other.mkdir()
    written = []
    monkeypatch.setattr(
        "harness.report.site.publish.build", lambda _, place, *__, **___: written.append(place)
    )
    monkeypatch.setattr("harness.report.site.pages.write_documents", lambda *_: None)
    publish(filled_once, again)
    reports = [again / "experiments" / name for name in EXPERIMENTS]
    assert sorted(written) == [*reports, again / "latest"]
    assert (again / MARK).exists()
    assert other.exists()


def test_a_folder_of_something_else_is_left_alone(filled_once: Path, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "thesis.txt").write_text("years of work")
    with pytest.raises(BenchError, match=r"holds thesis.txt and no site: name an empty folder"):
        publish(filled_once, place)
    assert [p.name for p in place.iterdir()] == ["thesis.txt"]


def test_an_empty_file_says_what_to_type(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb"):
        pass
    with pytest.raises(BenchError, match=r"holds no measuring trial: run a bench first"):
        publish(tmp_path / "r.duckdb", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_exports_are_published_without_a_database(filled_once: Path, tmp_path: Path) -> None:
    """The same pages, without a second report of the latest figures, those of arms that nothing was
    compared with, and pictures.
    """
    results = tmp_path / "results"
    exported(filled_once, results / "all", "--format", "parquet", "--no-timings")
    with undrawn():
        run("publish", "--results", str(results), "--out", str(tmp_path / "site"))
    found = {str(path.parent.relative_to(tmp_path / "site")) for path in pages(tmp_path / "site")}
    assert {"trials/old", "experiments/series-1", "frameworks/beta", "."} <= found
    assert not {"latest", "experiments/old"} & found
    assert "experiments/old" not in str(Page((tmp_path / "site/trials/old/index.html").read_text()))
    front = Page((tmp_path / "site" / "index.html").read_text())
    assert "trials/old/index.html" in front.addresses
    assert "experiments/old/index.html" not in front.addresses
    assert not [*(tmp_path / "site").rglob("*.png"), *(tmp_path / "site").rglob("*.svg")]
    assert "from results/." in Page((tmp_path / "site" / "index.html").read_text()).text


def test_a_database_that_is_named_and_missing_is_no_reason_to_publish_another(
    tmp_path: Path,
) -> None:
    with pytest.raises(StoreError, match="no database"):
        publish(tmp_path / "none.duckdb", tmp_path / "site")


def test_without_any_database_what_comes_with_the_project_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    usual = tmp_path / "results.duckdb"
    assert published(usual) == ROOT / "results"
    usual.touch()
    assert published(usual) is None
