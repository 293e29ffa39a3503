"""The page of claims, of answers that were made up."""

from dataclasses import replace

import pytest

from harness.cli.claims import Region
from harness.judge.reproduction import Figure, Finding
from harness.report.claims.answers import AnsweredClaim, ClaimAnswer
from harness.report.claims.page import page
from harness.report.claims.words import figure_words, region_words, told
from harness.report.markdown import nowhere
from tests.made.claims import ALONE, BOUNDS, CLAIM, FEW, FIVE, GROUNDS, NOT_YET, RATIO, WHY


def test_a_figure_has_its_interval_and_what_it_counts() -> None:
    found = Figure(7, 4.82, 4.51, 5.1)
    assert figure_words(RATIO, found) == "4.82 [4.51, 5.10] times"
    assert figure_words(ALONE, found) == "4.82 [4.51, 5.10] tasks/s"
    assert figure_words(RATIO, Figure(5)) == "–"


def test_regions_are_told_in_words() -> None:
    said = [region_words(region) for region in (BOUNDS.confirm, *BOUNDS.refute, Region(0, 16700))]
    assert said == ["at least 4", "at most 0.95", "2 to 3", "at most 16,700"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (FIVE, "reproduced: 5.00 [4.90, 5.20] times"),
        (FEW, "not decidable: 5 blocks"),
        (NOT_YET, "not measured yet"),
        (
            replace(FIVE, finding=Finding.UNDECIDABLE, why="between"),
            "not decidable: 5.00 [4.90, 5.20] times; between",
        ),
    ],
)
def test_an_answer_in_words(answer: ClaimAnswer, words: str) -> None:
    assert told(answer) == words


def test_what_was_not_measured_is_no_finding() -> None:
    made = page([AnsweredClaim(CLAIM, [NOT_YET])], GROUNDS, nowhere)
    assert "0 claims, measured properly" in made
    assert "1 more: not measured yet." in made
    assert "| [X is fast](#x-is-fast) |  | not measured yet |" in made
    assert "**Not measured yet** (as it is)." in made
    assert "not decidable**" not in made


def test_the_answer_comes_first() -> None:
    made = page(
        [AnsweredClaim(CLAIM, [FEW, FIVE, replace(FIVE, measurement=WHY)])], GROUNDS, nowhere
    )
    assert "1 claim, measured properly: 1 reproduced, 0 not reproduced, 0 not dec" in made
    said = made[made.index("## X is fast") :].split("\n\n")[1:]
    assert said[0] == (
        "**Reproduced: 5.00 [4.90, 5.20] times** (as it is). Measured as they did: not decidable: "
        "5 blocks. arq polls: reproduced: 5.00 [4.90, 5.20] times."
    )
    assert said[1] == "*The likely flaw:* slow poll"
    assert said[2].startswith("*Claimed* by b ([page](https://e.org), read on 28 November 2026).")
    assert said[2].endswith("*Their conditions:* on mars")


def test_each_measurement_has_a_line_with_its_sides() -> None:
    made = page([AnsweredClaim(CLAIM, [FEW, FIVE])], GROUNDS, nowhere)
    assert "| `taskiq`, throughput: 4,000 [3,900, 4,100] tasks/s<br>over `celery`, running" in made
    assert "| 5.00 [4.90, 5.20] times | at least 4 | at most 0.95 or 2 to 3 | **repr" in made
    assert "**not decidable**: 5 blocks |" in made
    assert "Again: `nox -s claims -- n`" in made
    assert "5 to 7 blocks, 28 November 2026, 2 cores (Z80), Python 3.12.1, Valkey 9, exp" in made


def test_on_a_site_figures_lead_to_their_trials() -> None:
    made = page([AnsweredClaim(CLAIM, [FEW, FIVE])], GROUNDS, lambda arm: f"t#{arm.framework}")
    assert "throughput: [4,000 [3,900, 4,100] tasks/s](t#taskiq)<br>" in made
    assert "| [5.00 [4.90, 5.20] times](t#taskiq) |" in made
