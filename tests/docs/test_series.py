"""docs/series.md says what stands in results/series, and names no step that is not established."""

import math
import re
from collections.abc import Iterator

import duckdb
import numpy as np
import pytest
from scipy import stats

from harness.cli.numbers import number
from harness.report.published.marks import part
from harness.store.restore import restored
from infrastructure.root import ROOT

PAGE = (ROOT / "docs" / "series.md").read_text()
SAID = part((ROOT / "README.md").read_text(), "results/series")
FIGURE = re.compile(r"([\d.,]+) \[([\d.,]+), ([\d.,]+)\]")
RATIOS = """
SELECT own.experiment_id, own.metric, own.arm_number, list(ln(own.value / fixed.value))
FROM read_parquet($file) AS own
JOIN read_parquet($file) AS fixed USING (experiment_id, scenario, point, metric, block)
WHERE fixed.arm_number = 1 AND own.arm_number > 1 AND own.value > 0 AND fixed.value > 0
  AND own.purpose = 'measure' AND own.status = 'ok'
  AND fixed.purpose = 'measure' AND fixed.status = 'ok'
GROUP BY ALL
"""
STEPS = """
SELECT ratio, low, high FROM verdict
WHERE kind IN ('faster', 'slower')
"""
Words = tuple[str, str, str]


def words(*ends: float) -> Words:
    middle, low, high = map(number, ends)
    return middle, low, high


def levels() -> Iterator[Words]:
    """Releases beside the fixed one, with Student's t and the scatter of all of a metric."""
    found: dict[tuple[str, str], list[list[float]]] = {}
    for file in sorted((ROOT / "results/series/trials").glob("*.parquet")):
        for experiment, metric, _, logs in duckdb.execute(RATIOS, {"file": str(file)}).fetchall():
            if len(logs) > 1:
                found.setdefault((experiment, metric), []).append(logs)
    for rows in found.values():
        freedom = sum(len(row) - 1 for row in rows)
        squares = sum(float(np.var(row)) * len(row) for row in rows)
        for row in rows:
            half = stats.t.ppf(0.975, freedom) * math.sqrt(squares / freedom / len(row))
            middle = float(np.mean(row))
            yield words(*(math.exp(end) for end in (middle, middle - half, middle + half)))


@pytest.fixture(scope="module")
def steps() -> set[Words]:
    with restored(ROOT / "results") as database, duckdb.connect(str(database)) as connection:
        return {words(*row) for row in connection.execute(STEPS).fetchall()}


def told(text: str) -> set[tuple[str, ...]]:
    return {found.groups() for found in FIGURE.finditer(text)}


def test_every_figure_is_that_of_its_trials(steps: set[Words]) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    releases = told("\n".join(row for row in rows if "**step**" not in row))
    assert releases
    assert releases <= set(levels())
    assert told("\n".join(row for row in rows if "**step**" in row)) <= steps


def test_every_step_that_is_named_was_established_by_new_blocks(steps: set[Words]) -> None:
    named = re.findall(r"× [\d.,]+ \[[\d.,]+, [\d.,]+\]", PAGE + SAID)
    assert {found for text in named for found in told(text)} <= steps
    assert ("×" in SAID) == ("×" in PAGE)
