"""The page of claims, of answers that were made up."""

from datetime import date

from harness.cli.claims import Bounds, Claim, Measurement, Region, Side
from harness.judge.reproduction import Figure, Finding
from harness.report.claims.answers import Answer, Answered
from harness.report.claims.doc import page
from harness.report.claims.words import figure_words, region_words

BOUNDS = Bounds(Region(4, float("inf")), (Region(0, 0.95), Region(2, 3)))
SIDES = Side("taskiq", "throughput"), Side("celery", "throughput")
RATIO = Measurement("properly", "x is fast", "drain_rate", "tasks/s", BOUNDS, *SIDES, "as it is")
ALONE = Measurement("as they did", "x is fast", "drain_rate", "tasks/s", BOUNDS, SIDES[0])
CLAIM = Claim("x", "x is fast", "b", "https://e.org", date(2026, 11, 28), "page", "c", "f", [])


def test_a_figure_has_its_interval_and_its_unit_unless_it_is_a_ratio() -> None:
    found = Figure(7, 4.82, 4.51, 5.1)
    assert figure_words(RATIO, found) == "4.82 [4.51, 5.10]"
    assert figure_words(ALONE, found) == "4.82 [4.51, 5.10] tasks/s"
    assert figure_words(RATIO, Figure(5)) == "–"


def test_regions_are_told_in_words() -> None:
    said = [region_words(region) for region in (BOUNDS.confirm, *BOUNDS.refute)]
    assert said == ["at least 4", "at most 0.95", "2 to 3"]


def test_what_was_not_measured_is_no_finding() -> None:
    nothing = Answer(RATIO, Finding.UNDECIDABLE, Figure(0), [], "not measured")
    made = page([Answered(CLAIM, [nothing])])
    assert "0 claims, measured properly" in made
    assert "1 more are declared and not measured yet" in made
    assert "| [x is fast](#x) |  | not measured yet |" in made
    assert "not decidable**" not in made


def test_each_claim_has_a_line_and_a_section_with_its_sides() -> None:
    each = [Figure(7, 4000, 3900, 4100), Figure(7, 800, 790, 810)]
    ratio = Answer(RATIO, Finding.REPRODUCED, Figure(7, 5, 4.9, 5.2), each, "", "e1")
    alone = Answer(ALONE, Finding.UNDECIDABLE, Figure(5), [Figure(5)], "5 blocks", "e1")
    made = page([Answered(CLAIM, [alone, ratio])])
    assert "1 claims, measured properly: 1 reproduced, 0 not reproduced, 0 not dec" in made
    assert "| [x is fast](#x) | not decidable: – | reproduced: 5.00 [4.90, 5.20] |" in made
    assert "As it is.<br>`taskiq`, throughput: 4,000 [3,900, 4,100] tasks/s<br>over `cel" in made
    assert "| 5.00 [4.90, 5.20] | at least 4 | at most 0.95 or 2 to 3 | **reproduced** |" in made
    assert "**not decidable**: 5 blocks |" in made
    assert "Experiment `e1`, 5 and 7 blocks:" in made
