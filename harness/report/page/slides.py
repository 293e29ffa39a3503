"""Draw: a picture a scenario for slides, of its first primary metric."""

from collections.abc import Iterator
from pathlib import Path

from harness.cli.words import scenario_names
from harness.report.answer.estimates import Estimate
from harness.report.answer.facts import Facts
from harness.report.answer.questions import ASKED, first_of
from harness.report.answer.ranking import Ranking, ranking
from harness.report.answer.sentences import ratio_of, said, times
from harness.report.charts.slide import Line, slide

MOST_ARMS = 10


def draw_slides(facts: Facts, folder: Path, foot: str) -> None:
    """``folder/SCENARIO.png`` and ``.svg``, of every scenario with a figure."""
    for scenario in facts.scenarios():
        for found in ranked(facts, scenario):
            folder.mkdir(parents=True, exist_ok=True)
            told = said(found)
            note = f"{told.how}. {foot}"
            slide(lines(found), folder / scenario, told.sentence, axis(found), note)


def pictured(facts: Facts) -> set[str]:
    """The scenarios that have a picture."""
    return {scenario for scenario in facts.scenarios() if list(ranked(facts, scenario))}


def ranked(facts: Facts, scenario: str) -> Iterator[Ranking]:
    """In the words of the first screen where it asks the same."""
    if scenario not in scenario_names():
        return
    for question in first_of(scenario, facts.medians):
        same = (scenario, question.metric)
        asked = (each for each in ASKED if (each.scenario, each.metric) == same)
        yield ranking(facts, next(asked, question))


def axis(found: Ranking) -> str:
    unit = f", {found.unit}" if found.unit else ""
    load = f" at {found.point}" if found.point else ""
    return f"{found.question.title}{unit}{load} ({found.question.better.value} is better)"


def lines(found: Ranking) -> list[Line]:
    return [line(found, one) for one in found.estimates[:MOST_ARMS]]


def line(found: Ranking, one: Estimate) -> Line:
    best, spread = found.estimates[0], one.spread
    behind = "" if one is best or not found.equal else factor(found, best, one)
    return Line(one.arm, one.label, one.value, spread.low, spread.high, behind)


def factor(found: Ranking, best: Estimate, one: Estimate) -> str:
    return times(ratio_of(best, one, found.verdict(best, one)))
