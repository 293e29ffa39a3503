"""docs/claims.md says what stands in results/claims, and decides nothing without an interval."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np
import pytest

from harness.cli.claims import read_claims
from harness.cli.numbers import number
from harness.report.published.marks import part
from harness.report.titles import capital
from infrastructure.root import ROOT

PAGE = (ROOT / "docs" / "claims.md").read_text()
SAID = part((ROOT / "README.md").read_text(), "results/claims")
FIGURE = re.compile(r"([\d.,]+) \[([\d.,]+), ([\d.,]+)\]")
DECIDED = re.compile(r"\b(reproduced|not reproduced)\b")
EVERY_VALUE = """
SELECT experiment_id, arm_number, metric, block, value
FROM read_parquet($files)
WHERE purpose = 'measure' AND status = 'ok' AND value > 0 AND command = 'claims' AND metric IN (
    'drain_rate', 'overall_rate', 'enqueue_rate_live', 'round_trip_p50'
)
"""
Values = Mapping[tuple[str, int, str], Mapping[int, float]]
Words = tuple[str, str, str]


def sections() -> dict[str, str]:
    """By the claim's heading."""
    heads = [capital(claim.claims) for claim in read_claims()]
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return {head: text for head, text in itertools.pairwise(parts) if head in heads}


SECTIONS = sections()


@pytest.fixture(scope="module")
def values() -> Values:
    """By experiment, arm and metric, and then by block."""
    files = [str(path) for path in sorted((ROOT / "results/claims/trials").glob("*.parquet"))]
    found: dict[tuple[str, int, str], dict[int, float]] = {}
    for *where, block, value in duckdb.execute(EVERY_VALUE, {"files": files}).fetchall():
        found.setdefault((where[0], where[1], where[2]), {})[block] = value
    return found


@pytest.fixture(scope="module")
def known(values: Values) -> dict[str, set[Words]]:
    """Every figure that the trials of an experiment can give, by experiment."""
    found: dict[str, set[Words]] = {}
    for experiment, logs in every_series(values):
        if len(logs) >= 6:
            found.setdefault(experiment, set()).add(words(logs))
    return found


def every_series(values: Values) -> Iterator[tuple[str, list[float]]]:
    """Logarithms by block: of each arm, and of each ratio of two of an experiment, with the arm's
    own of the blocks that have both.
    """
    logs = {key: {block: np.log(v) for block, v in each.items()} for key, each in values.items()}
    yield from ((key[0], list(each.values())) for key, each in logs.items())
    for (one, mine), (other, theirs) in itertools.permutations(logs.items(), 2):
        if (one[0], one[2]) == (other[0], other[2]):
            both = sorted(set(mine) & set(theirs))
            yield one[0], [mine[block] - theirs[block] for block in both]
            yield one[0], [mine[block] for block in both]


def words(logs: Sequence[float]) -> Words:
    """Estimate and interval as the page writes them, by counting every assignment of signs."""
    n = len(logs)
    averages = sorted((logs[i] + logs[j]) / 2 for i in range(n) for j in range(i, n))
    sums = np.sort(
        [np.dot(signs, range(1, n + 1)) for signs in itertools.product((0, 1), repeat=n)]
    )
    out = max(t for t in range(len(averages)) if np.mean(sums <= t) <= 0.025)
    ends = (float(np.median(averages)), averages[out], averages[-1 - out])
    low, middle, high = (number(float(np.exp(end))) for end in (ends[1], ends[0], ends[2]))
    return middle, low, high


@pytest.mark.parametrize("head", SECTIONS)
def test_every_figure_of_a_claim_is_that_of_its_experiments(
    head: str, known: dict[str, set[Words]]
) -> None:
    named = re.findall(r"experiment `(\d{8}-\d{6}-\w{4})`", SECTIONS[head])
    own = set[Words]().union(*(known[experiment] for experiment in named))
    told = {found.groups() for found in FIGURE.finditer(SECTIONS[head])}
    assert told <= own
    assert told or not DECIDED.search(SECTIONS[head].split("\n\n")[1])


def test_what_stands_above_and_in_the_readme_stands_in_a_section() -> None:
    told = {found.groups() for text in SECTIONS.values() for found in FIGURE.finditer(text)}
    above = {found.groups() for found in FIGURE.finditer(PAGE.split("\n## ")[0] + SAID)}
    assert above
    assert above <= told


def test_nothing_is_decided_without_an_interval() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
    decided = [line for line in lines if re.search(r"\*\*(not )?reproduced\*\*", line)]
    assert decided
    for line in decided:
        assert FIGURE.search(line), line
    for text in SECTIONS.values():
        sentences = re.split(r"(?<=\.) (?=[A-Z])", text.split("\n\n")[1])
        for sentence in sentences:
            assert not DECIDED.search(sentence) or FIGURE.search(sentence), sentence


def test_every_claim_has_a_section_and_the_command_that_repeats_it() -> None:
    assert set(SECTIONS) == {capital(claim.claims) for claim in read_claims()}
    for claim in read_claims():
        text = SECTIONS[capital(claim.claims)]
        assert claim.url in text
        assert f"`nox -s claims -- {claim.name}`" in text
