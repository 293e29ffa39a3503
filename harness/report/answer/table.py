"""The answer in one table: a row an arm, a column a question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from harness.cli.numbers import number
from harness.report.answer.estimates import Estimate
from harness.report.answer.ranking import Ranking
from harness.report.answer.sentences import ends

LEAST_ARMS = 5  # fewer are seen at a glance in a table a question


@dataclass(frozen=True)
class AnswerCell:
    """An arm's answer to a question, or ``why`` there is none. ``value`` sorts, None last;
    ``best``: or not to be told apart from it; ``estimate``: behind the value, if one is.
    """

    text: str = "–"
    value: float | None = None
    why: str = ""
    best: bool = False
    estimate: Estimate | None = None

    @classmethod
    def of(cls, one: Estimate, *, best: bool) -> Self:
        return cls(number(one.value), one.value, best=best, estimate=one)

    @property
    def floor(self) -> str:
        """How many times the floor's."""
        return times_floor(self.estimate) if self.estimate else ""

    @property
    def ends(self) -> str:
        """Its interval."""
        return ends(self.estimate) if self.estimate else ""


@dataclass(frozen=True)
class AnswerRow:
    arm: int
    label: str
    cells: Sequence[AnswerCell]


def rows_of(rankings: Sequence[Ranking]) -> list[AnswerRow]:
    """In the order of the first question, then those without a figure for it; none for few arms."""
    rows = every_row(rankings)
    return rows if len(rows) >= LEAST_ARMS else []


def every_row(rankings: Sequence[Ranking]) -> list[AnswerRow]:
    labels = dict(arm for ranking in rankings for arm in arms_of(ranking))
    return [
        AnswerRow(arm, label, [cell(ranking, arm) for ranking in rankings])
        for arm, label in labels.items()
    ]


def arms_of(ranking: Ranking) -> Iterator[tuple[int, str]]:
    """Number and label, the best first; none of those that cannot be measured."""
    yield from ((one.arm, one.label) for one in ranking.estimates)
    for void in ranking.voids:
        if void.why != "cannot":
            yield from zip(void.arms, void.labels, strict=True)


def cell(ranking: Ranking, arm: int) -> AnswerCell:
    for one in ranking.estimates:
        if one.arm == arm:
            best = ranking.equal and one in ranking.of_frameworks().leaders
            return AnswerCell.of(one, best=best)
    for void in ranking.voids:
        if arm in void.arms:
            return AnswerCell(why=void.reason or void.why)
    return AnswerCell()


def times_floor(one: Estimate) -> str:
    return "" if one.floor is None else f"{number(one.floor)}×"
