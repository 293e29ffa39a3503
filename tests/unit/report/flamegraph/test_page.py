"""The page of two profiled versions, and the files beside it."""

import json
from pathlib import Path

import pytest

from tests.made.flames import Known, write_flames
from tests.made.html import Page


@pytest.fixture(scope="module")
def out(known: Known) -> Path:
    """The folder with the page of both versions."""
    return known.database.parent / "out"


@pytest.fixture(scope="module")
def page(known: Known, out: Path) -> Page:
    return Page(write_flames(known, out).read_text())


def test_the_page_says_shares_with_their_sign(page: Page) -> None:
    assert page.open == []
    assert "alpha 1.0: 100 samples; alpha 2.0: 20 samples" in page.text
    assert "logging 60.0 % 0.0 % −60.0 60 samples 0 samples" in page.text
    assert "get (redis/client.py) 40.0 % 75.0 % +35.0" in page.text
    assert page.tags["caption"] == page.tags["table"]


def test_the_page_loads_nothing(page: Page, out: Path) -> None:
    outside = [a for a in page.addresses if ":" in a or a.startswith("//")]
    assert outside == ["data:,"]
    assert not {"img", "iframe", "object"} & set(page.tags)
    files = {a for a in page.addresses if a.endswith(".json")}
    assert len(files) == 4
    assert all((out / name).exists() for name in files)


def test_speedscope_files_keep_lines(known: Known, page: Page, out: Path) -> None:
    assert page.source
    made = json.loads((out / f"{known.trials['1.0 py-spy']}.speedscope.json").read_text())
    assert {"name": "get", "file": "redis/client.py", "line": 8} in made["shared"]["frames"]
    assert made["profiles"][0]["endValue"] == 100
