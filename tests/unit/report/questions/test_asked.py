"""Each question is of a scenario, and each figure is one that it gives."""

import re

import pytest

from harness.report.questions.answers import PLACE
from harness.report.questions.asked import QUESTIONS, Clause, Question
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL
from infrastructure.root import ROOT

TEXT = (ROOT / "docs" / "metrics.md").read_text()
METRICS = [
    re.compile(re.sub(r"\{\w+\}", r"\\w*", name))
    for name in re.findall(r"^\| `([\w{}]+)`", TEXT, re.MULTILINE)
]
EVERY = [(question, clause) for question in QUESTIONS for clause in question.clauses]


@pytest.mark.parametrize(("question", "clause"), EVERY, ids=lambda each: getattr(each, "point", ""))
def test_a_clause_is_of_a_load_and_of_metrics_that_there_are(
    question: Question, clause: Clause
) -> None:
    points = {point.label for point in load_scenario(question.scenario).points(FULL)}
    named = [(place["metric"], place["point"]) for place in PLACE.finditer(clause.says)]
    assert named
    assert {clause.point, *(point for _, point in named if point)} <= points
    for metric, _ in named:
        assert any(known.fullmatch(metric) for known in METRICS), metric


def test_no_question_is_asked_twice() -> None:
    assert len({question.scenario for question in QUESTIONS}) == len(QUESTIONS)
