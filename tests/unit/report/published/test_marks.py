"""The part of a document that is made of results."""

import pytest

from harness.report.published.marks import between, part
from infrastructure.errors import BenchError

TEXT = "before\n<!-- results/survey -->\nold\n<!-- end -->\nafter\n<!-- end -->\n"


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    made = between(TEXT, "results/survey", "new \\1\n")
    assert made == TEXT.replace("old", "new \\1")
    assert part(made, "results/survey") == "new \\1\n"


def test_marks_that_are_missing_are_named() -> None:
    with pytest.raises(BenchError, match="there is no <!-- results/claims --> followed by"):
        between(TEXT, "results/claims", "new\n")
    assert part(TEXT, "results/claims") == ""
