"""A page that is too large is parted, and nothing of it is lost."""

import json

import pytest

from harness.report.page import parts
from harness.report.page.parts import parted, script

PAGE = "<p>a</p><!--part one--><b>1</b><!--end one--><!--part two--><b>2</b><!--end two--><p>z</p>"


def test_a_small_page_is_whole() -> None:
    assert parted(PAGE) == ("<p>a</p><b>1</b><b>2</b><p>z</p>", {})


def test_a_large_page_names_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_BYTES", 10)
    page, found = parted(PAGE)
    assert found == {"one": "<b>1</b>", "two": "<b>2</b>"}
    assert page.startswith("<p>a</p><p ")
    assert page.endswith("<p>z</p>")
    assert [f'data-part="{name}"' in page for name in found] == [True, True]
    assert "<b>" not in page


def test_the_file_of_a_part_is_a_call() -> None:
    """Whatever is in it: quotes, line ends."""
    text = '<b title="it\'s">1\n2</b>'
    called = script("one", text)
    assert called.startswith('part("one", ')
    assert json.loads(called[len('part("one", ') : -3]) == text
