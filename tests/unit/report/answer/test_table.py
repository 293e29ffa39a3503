"""The answer in one table, with how many times the floor's each figure is."""

from dataclasses import replace

from harness.report.answer.document import document
from harness.report.answer.markdown import summary
from harness.report.answer.ranking import rankings
from harness.report.answer.sentences import said
from harness.report.answer.table import LEAST_ARMS, rows_of
from harness.report.rows.trials import FloorRatio
from tests.unit.report.answer.made import ARMS, facts

RATES = {"ant": [30.0], "bee": [50.0], "cat": [], "dog": [10.0], "eel": [20.0]}
OF_BEE = FloorRatio("throughput", "", 1, 2, "bee", "drain_rate", 0.25, 4)
ELSEWHERE = FloorRatio("throughput", "another", 2, 1, "ant", "drain_rate", 9.0, 4)
FACTS = replace(facts(RATES), floors=[OF_BEE, ELSEWHERE])


def test_arms_stand_in_the_order_of_the_first_question_and_void_ones_last() -> None:
    rows = rows_of(rankings(FACTS))
    assert len(rows) == len(ARMS) == LEAST_ARMS
    assert [row.label for row in rows] == ["bee", "ant", "eel", "dog", "cat"]
    assert [cell.text for row in rows for cell in row.cells] == [
        "50.0",
        "30.0",
        "20.0",
        "10.0",
        "–",
    ]
    assert [cell.best for row in rows for cell in row.cells] == [True, *[False] * 4]
    assert rows[-1].cells[0].why == "lost 3 tasks"


def test_the_floor_stands_beside_a_figure_at_its_own_load() -> None:
    found = rankings(FACTS)
    assert [row.cells[0].floor for row in rows_of(found)] == ["0.250×", *[""] * 4]
    arms = document(found)["questions"][0]["arms"]
    assert [arm["times_the_floor"] for arm in arms] == [0.25, None, None, None]
    assert "| bee | **50.0**, 0.250× the floor |" in summary(found, [], [])


def test_the_floor_leads_nobody() -> None:
    """It stands in its place, and neither a sentence nor the best is about it."""
    of_eel = FloorRatio("throughput", "", 1, 5, "eel", "drain_rate", 0.4, 2)
    found = rankings(replace(facts(RATES), floors=[of_eel]))
    assert [one.label for one in found[0].estimates if one.is_floor] == ["bee"]
    assert said(found[0]).sentence.startswith("ant drains 1.50× as many tasks/s as the next, eel")
    assert [row.label for row in rows_of(found) if row.cells[0].best] == ["ant"]
    assert rows_of(found)[0].label == "bee"


def test_few_arms_need_no_table() -> None:
    assert rows_of(rankings(facts({"ant": [1.0], "bee": [2.0]}))) == []
