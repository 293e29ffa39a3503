"""What documents say of results: those made of them, and those that have a part of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from harness.cli.prices import read_prices
from harness.report.claims import page as claims_page
from harness.report.claims.answers import AnsweredClaim
from harness.report.markdown import Behind, nowhere
from harness.report.published import claims, questions, readme, series
from harness.report.published.grounds import Ground, lines, read_grounds
from harness.report.published.marks import between
from harness.report.published.series import OfFramework
from harness.report.published.survey import Survey, read_survey
from harness.report.questions import page as questions_page
from harness.report.questions.answers import asked_in
from harness.report.terminal.latest import Latest
from infrastructure.root import ROOT

CLAIMS = """\
## claims

Speeds that others publish, measured as they did and then properly. [claims.md](../docs/claims.md)
says what became of each. To measure and publish them again, in 90 minutes on a quiet machine:

```console
$ nox -s claims
$ .nox/harness/bin/python -m harness.report.published claims results.duckdb
```
"""
SERIES = """\
## series

Releases of a framework, each beside a fixed one, and new blocks of the neighbours where a step
showed. [series.md](../docs/series.md) has the history of each. To measure and publish one again:

```console
$ nox -s series -- asynctasq --since 2026-01-03
$ .nox/harness/bin/python -m harness.report.published series results.duckdb
```
"""
QUESTIONS = """\
## questions

What users of a queue ask beside which is faster, a bench per question and framework.
[questions.md](../docs/questions.md) answers them. To measure and publish one again; what else is
published stays:

```console
$ nox -s "bench-3.12(celery)" -- --scenario idle --trials 3 --no-profilers
$ .nox/harness/bin/python -m harness.report.published questions results.duckdb
```
"""
README, INDEX = ROOT / "README.md", ROOT / "results" / "README.md"


@dataclass(frozen=True)
class Results:
    """What a database has that documents tell of."""

    grounds: Mapping[str, Ground]
    answered: Sequence[AnsweredClaim]
    series: Sequence[OfFramework]
    questions: Latest

    @classmethod
    def read(cls, database: Path) -> Self:
        return cls(
            read_grounds(database),
            claims.read_answered(database),
            series.read_series(database),
            questions.read_questions(database),
        )


def pages(results: Results, behind: Behind = nowhere) -> Iterator[tuple[str, str]]:
    """Those made of results alone, by the name in docs/, of what there is."""
    if results.answered:
        yield "claims", claims_page.page(results.answered, results.grounds, behind)
    if results.series:
        yield "series", series.page(results.series, results.grounds, behind)
    if asked_in(results.questions):
        yield "questions", questions_page.page(results.questions, results.grounds, read_prices())


def parts(results: Results, survey: Survey | None) -> Iterator[tuple[Path, str, str]]:
    """A document, the name of its marks, and what stands between them."""
    answered, found, grounds = results.answered, results.series, results.grounds
    if survey:
        yield README, "results/survey", readme.block(survey)
        yield INDEX, "results/survey", readme.index(survey)
    yield README, "results/claims", claims.block(answered)
    yield INDEX, "results/claims", listed(CLAIMS, claims.experiments_of(answered), grounds)
    yield README, "results/series", series.block(found)
    yield INDEX, "results/series", listed(SERIES, series.experiments_of(found), grounds)
    asked = results.questions
    yield README, "results/questions", questions.block(asked, read_prices())
    yield INDEX, "results/questions", listed(QUESTIONS, questions.experiments_of(asked), grounds)


def listed(about: str, experiments: Sequence[str], grounds: Mapping[str, Ground]) -> str:
    """What they are, and a line for each; nothing where there is none."""
    found = lines(experiments, grounds)
    return "\n".join([about, *found, ""]) if found else ""


def documents(database: Path) -> dict[Path, str]:
    """Each as it should be."""
    results = Results.read(database)
    found = {ROOT / "docs" / f"{name}.md": text for name, text in pages(results)}
    for page, mark, made in parts(results, read_survey(database)):
        found[page] = between(found.get(page) or page.read_text(), mark, made)
    return found
