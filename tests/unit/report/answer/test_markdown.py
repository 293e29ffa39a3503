"""The answer as Markdown and as a document."""

import json

from harness.report.answer.document import document
from harness.report.answer.markdown import summary
from harness.report.answer.ranking import rankings
from tests.unit.report.answer.made import facts, verdict

TRIALS = {"ant": [10.0], "bee": [47.0, 48.0, 49.0], "cat": []}


def test_the_summary_has_the_sentence_the_table_and_the_caveat() -> None:
    text = summary(rankings(facts(TRIALS, verdict(1, 2, "faster", 4.8))), ["two cores"], ["Once."])
    assert text.startswith("### bee drains 4.8× as many tasks/s as ant\n\nEstablished: 95 % ")
    assert "| bee | **48.0** (47.0–49.0) |" in text
    assert "| ant | 10.0 |" in text
    assert "- cat, invalid: lost 3 tasks." in text
    assert text.endswith("two cores.\n\n> Once.\n")


def test_nothing_valid_says_so() -> None:
    assert summary([], [], []) == "No valid figure yet.\n"


def test_the_document_is_plain_json() -> None:
    found = json.loads(json.dumps(document(rankings(facts(TRIALS)))))
    [question] = found["questions"]
    assert question["arms"][1]["times_the_best"] == 4.8
    assert question["cannot_be_told_apart"] == []
    assert question["without_figure"] == [
        {"arms": ["cat"], "why": "invalid", "reason": "lost 3 tasks"}
    ]
