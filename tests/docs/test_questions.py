"""docs/questions.md says what stands in results/questions, and answers with nothing else."""

import re
import statistics
from collections.abc import Iterator, Mapping

import duckdb
import pytest

from harness.cli.numbers import number
from harness.report.questions.answers import NO_FIGURE
from harness.report.questions.asked import COST, QUESTIONS
from harness.report.terminal.markdown import COUNTS
from infrastructure.root import ROOT

PLACE = ROOT / "docs" / "questions.md"
PAGE = PLACE.read_text() if PLACE.exists() else ""  # until something is published
RANGE = re.compile(r"[\d.,]+ \([\d.,]+ to [\d.,]+\)")
EVERY_VALUE = """
SELECT
    scenario, point, framework || ' ' || framework_version AS arm, metric, unit,
    list(value) AS found
FROM read_parquet($files)
WHERE purpose = 'measure' AND status = 'ok' AND size = 'full'
  AND command IN ('bench', 'soak') AND value IS NOT NULL
GROUP BY scenario, point, framework, framework_version, unit, metric
"""
Known = Mapping[tuple[str, str, str], set[str]]  # by scenario, load and arm


def sections() -> Iterator[tuple[str, str]]:
    """Scenario and text of each question that is answered."""
    parts = {text.partition("\n")[0]: text for text in PAGE.split("\n## ")}
    for question in QUESTIONS:
        if question.asks in parts:
            yield question.scenario, parts[question.asks]


SECTIONS = dict(sections())


@pytest.fixture(scope="module")
def known() -> Known:
    """Every figure that the trials can give, as the page writes it."""
    files = [str(path) for path in sorted((ROOT / "results/questions/trials").glob("*.parquet"))]
    found: dict[tuple[str, str, str], set[str]] = {}
    rows = duckdb.execute(EVERY_VALUE, {"files": files}).fetchall()
    every = {(tuple(place), metric): values for *place, metric, _, values in rows}
    for *place, metric, unit, values in rows:
        own, per = found.setdefault((place[0], place[1], place[2]), set()), per_shown(unit)
        own.add(words(unit, [value / per for value in values]))
        ends = [every.get((tuple(place), f"{metric}_{end}"), []) for end in ("low", "high")]
        if all(ends):
            said = [number(end / per) for end in (min(ends[0]), max(ends[1]))]
            own.add(f"{number(statistics.median(values) / per)} [{', '.join(said)}]")
    return found


def per_shown(unit: str) -> float:
    return 1_048_576 if unit.startswith("bytes") else 1


def words(unit: str, values: list[float]) -> str:
    ends = (statistics.median(values), min(values), max(values))
    whole = unit in COUNTS
    said = [f"{end:,.0f}" if whole and end.is_integer() else number(end) for end in ends]
    return said[0] if said[1] == said[2] else f"{said[0]} ({said[1]} to {said[2]})"


@pytest.mark.parametrize("scenario", [name for name in SECTIONS if name != COST])
def test_every_figure_is_that_of_its_trials(scenario: str, known: Known) -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in SECTIONS[scenario].splitlines()
        if line.startswith("| ")
    ][2:]
    assert rows
    for load, arm, *figures, _valid in rows:
        own = known.get((scenario, "" if load == "all" else load, arm), set())
        assert {figure for figure in figures if figure != "–"} <= own, (load, arm)


@pytest.mark.parametrize("scenario", [name for name in SECTIONS if name != COST])
def test_every_range_of_a_sentence_is_that_of_its_trials(scenario: str, known: Known) -> None:
    for line in SECTIONS[scenario].splitlines():
        if said := re.match(r"- \*\*(.+?)\*\*: ", line):
            own = [
                v for (of, _, arm), v in known.items() if (of, arm) == (scenario, said[1].lower())
            ]
            assert {*RANGE.findall(line)} <= set[str]().union(*own), line


def test_every_experiment_has_the_command_that_repeats_it() -> None:
    named = re.findall(r"experiment `\d{8}-\d{6}-\w{4}`.*", PAGE)
    assert len(named) >= len(SECTIONS)
    for line in named:
        assert re.search(r": `nox -s .+ --seed \d+` at commit `\w+`$", line), line


def test_what_is_published_is_answered() -> None:
    assert bool(SECTIONS) == (ROOT / "results" / "questions").exists()


def test_no_answer_lacks_a_figure() -> None:
    assert NO_FIGURE not in PAGE
