"""A picture a scenario for slides, and the findings about the frameworks of a page."""

from pathlib import Path

import pytest

from harness.report.page import slides
from harness.report.page.findings import findings
from harness.report.page.slides import draw_slides, slides_of
from tests.unit.report.answer.made import facts


def test_every_scenario_with_a_figure_has_a_picture(tmp_path: Path) -> None:
    found = facts({"ant": [9.0, 10.0, 11.0], "bee": [30.0]})
    draw_slides(slides_of(found), tmp_path, "Once.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["throughput.png", "throughput.svg"]
    text = (tmp_path / "throughput.svg").read_text()
    for words in ("bee drains 3.0× as many tasks/s as ant", "30.0", "10.0 · 3.0×", "Once."):
        assert words in text


def test_a_picture_has_the_best_ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(
        slides, "slide", lambda lines, *_: drawn.extend(line.label for line in lines)
    )
    found = facts({f"f{rate}": [float(rate)] for rate in range(1, 30)})
    draw_slides(slides_of(found), tmp_path, "")
    assert drawn == [f"f{rate}" for rate in range(29, 19, -1)]


def test_what_has_no_figure_has_no_picture(tmp_path: Path) -> None:
    draw_slides(slides_of(facts({"ant": []})), tmp_path / "slides", "")
    assert not (tmp_path / "slides").exists()


def test_findings_are_those_of_the_frameworks_named() -> None:
    found = findings(["celery"])
    assert found
    assert all("celery" in each.chapter.lower() for each in found)
    assert any("lost with a killed worker" in line for each in found for line in each.headlines)
    assert findings(["nobody"]) == []
