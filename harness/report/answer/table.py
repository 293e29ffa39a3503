"""The answer in one table: a row an arm, a column a question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.answer.estimates import Estimate
from harness.report.answer.ranking import Ranking
from harness.report.answer.sentences import ends, spread

LEAST_ARMS = 5  # fewer are seen at a glance in a table a question


@dataclass(frozen=True)
class Answer:
    """``value`` sorts, None last; ``floor``: how many times the floor's; ``why`` there is none;
    ``spread``: the interval and what it is.
    """

    text: str
    value: float | None = None
    floor: str = ""
    best: bool = False
    why: str = ""
    ends: str = ""
    spread: str = ""


@dataclass(frozen=True)
class ArmAnswers:
    arm: int
    label: str
    cells: Sequence[Answer]


def rows_of(rankings: Sequence[Ranking]) -> list[ArmAnswers]:
    """In the order of the first question, then those without a figure for it; none for few arms."""
    rows = every_row(rankings)
    return rows if len(rows) >= LEAST_ARMS else []


def every_row(rankings: Sequence[Ranking]) -> list[ArmAnswers]:
    labels = dict(arm for ranking in rankings for arm in arms_of(ranking))
    return [
        ArmAnswers(arm, label, [cell(ranking, arm) for ranking in rankings])
        for arm, label in labels.items()
    ]


def arms_of(ranking: Ranking) -> Iterator[tuple[int, str]]:
    """Number and label, the best first; none of those that cannot be measured."""
    yield from ((one.arm, one.label) for one in ranking.estimates)
    for void in ranking.voids:
        if void.why != "cannot":
            yield from zip(void.arms, void.labels, strict=True)


def cell(ranking: Ranking, arm: int) -> Answer:
    for one in ranking.estimates:
        if one.arm == arm:
            best = ranking.equal and one in ranking.of_frameworks().leaders
            text, floor = number(one.value), times_floor(one)
            return Answer(text, one.value, floor, best, ends=ends(one), spread=spread(one))
    for void in ranking.voids:
        if arm in void.arms:
            return Answer("–", why=void.reason or void.why)
    return Answer("–")


def times_floor(one: Estimate) -> str:
    return "" if one.floor is None else f"{number(one.floor)}×"
