"""Lay out and draw: a picture a scenario for slides, of its first primary metric."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.cli.words import scenario_names
from harness.report.answer.estimates import Estimate
from harness.report.answer.facts import Facts
from harness.report.answer.questions import ASKED, first_of
from harness.report.answer.ranking import Ranking, ranking
from harness.report.answer.sentences import behind, said
from harness.report.charts.slide import SlideLine, slide

MOST_ARMS = 10


def draw_slides(slides: Iterable[Ranking], folder: Path, foot: str) -> None:
    """``folder/SCENARIO.png`` and ``.svg`` of each."""
    for found in slides:
        folder.mkdir(parents=True, exist_ok=True)
        told = said(found)
        name, note = found.question.scenario, f"{told.how}. {foot}"
        slide(lines(found), folder / name, told.sentence, axis(found), note)


def slides_of(facts: Facts) -> list[Ranking]:
    """What is pictured: one of every scenario with a figure."""
    return [found for scenario in facts.scenarios() for found in ranked(facts, scenario)]


def ranked(facts: Facts, scenario: str) -> Iterator[Ranking]:
    """In the words of the first screen where it asks the same."""
    if scenario not in scenario_names():
        return
    for question in first_of(scenario, facts.medians):
        same = (scenario, question.metric)
        asked = (each for each in ASKED if (each.scenario, each.metric) == same)
        yield ranking(facts, next(asked, question))


def axis(found: Ranking) -> str:
    load = f" at {found.point}" if found.point else ""
    return f"{found.title}{load} ({found.question.direction})"


def lines(found: Ranking) -> list[SlideLine]:
    return [line(found, one) for one in found.estimates[:MOST_ARMS]]


def line(found: Ranking, one: Estimate) -> SlideLine:
    low, high = one.spread.low, one.spread.high
    return SlideLine(one.arm, one.label, one.value, low, high, behind(found, one))
