"""What the reports of a site share."""

from pathlib import Path

import pytest

from harness.report.page.apart import SCRIPT, STYLE, scripts, style, with_shared_at, write_shared
from harness.report.page.build import build
from harness.report.render import TEMPLATES
from tests.made.databases import fill
from tests.made.rows import made


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One that has all of it."""
    place = tmp_path_factory.mktemp("whole")
    build(made(place, fill), place / "report", lambda _: None, pictures=False)
    return (place / "report" / "index.html").read_text()


def test_a_report_of_a_site_leads_to_what_it_does_not_have(report: str) -> None:
    assert style() in report
    assert 'aria-labelledby="queries"' in report
    found = with_shared_at(report, "../../")
    assert '<link rel="stylesheet" href="../../report.css">' in found
    assert '<script src="../../report.js"></script>\n</body>' in found
    assert 'href="../../queries/index.html#quer' in found
    assert style() not in found
    assert 'aria-labelledby="queries"' not in found


def test_what_is_its_own_stays(report: str) -> None:
    found = with_shared_at(report, "../../")
    assert found.count("svg .s0{") == report.count("svg .s0{") == 1
    assert 'id="arms">' in found
    assert "function" not in found.partition("</head>")[2]


def test_the_files_hold_what_was_left_out(report: str, tmp_path: Path) -> None:
    write_shared(tmp_path)
    left_out = report[report.index("<script>\n") + 9 : report.rindex("</script>")]
    without = (tmp_path / SCRIPT).read_text()
    assert without.split() == left_out.split()
    assert (tmp_path / STYLE).read_text() == (TEMPLATES / "page.css").read_text()
    assert scripts() == without
