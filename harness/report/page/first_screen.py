"""Lay out: the first screen, the answer as sentences and as a card a question."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.answer.estimates import Estimate, Void
from harness.report.answer.ranking import Ranking, kills
from harness.report.answer.sentences import Said, behind, beside_floor, said, spread
from harness.report.answer.table import AnswerRow, rows_of
from harness.report.page.select import Selection
from harness.report.page.where import where

MOST_ROWS, MOST_TABLED = 10, 24  # of a card, whose others are folded; of the table of all
LONG_AXIS = 30  # the ratio of largest to smallest beyond which a linear axis hides the small


@dataclass(frozen=True)
class Axis:
    """From zero, or of logarithms where values differ much; a place is in percent."""

    low: float
    high: float
    log: bool

    def __call__(self, value: float) -> float:
        if self.log:
            span = math.log(self.high / self.low)
            return round(6 + 92 * math.log(value / self.low) / span, 1)
        return round(98 * max(value, 0.0) / self.high, 1) if self.high > 0 else 0.0


@dataclass(frozen=True)
class CardRow:
    """An arm of a card; ``at``, ``low`` and ``high`` in percent of the axis."""

    arm: int
    label: str
    figure: str
    range: str
    times: str
    floor: str
    at: float
    low: float
    high: float
    alone: bool  # one trial: no interval
    trials: str
    lanes: Sequence[str]


@dataclass(frozen=True)
class Card:
    """A question; ``rows``: the best first; ``more``: those beyond the first ten."""

    title: str
    direction: str
    note: str
    rows: Sequence[CardRow]
    more: Sequence[CardRow]
    voids: Sequence[Void]
    said: Said


@dataclass(frozen=True)
class FirstScreen:
    """``lead`` is the title of the page, ``others`` are the sentences below it. ``table``: all
    cards in one, and what kills cost, where there are many arms; ``columns``: its headings.
    """

    lead: Said
    others: Sequence[Said]
    where: Sequence[str]
    cards: Sequence[Card]
    columns: Sequence[str]
    table: Sequence[AnswerRow]


def first_screen(found: Selection, rankings: Sequence[Ranking]) -> FirstScreen:
    cards = [card(ranking) for ranking in rankings]
    lead, *others = [each.said for each in cards] or [NOTHING]
    columns = [*rankings, *kills(found.facts)]
    rows = rows_of(columns)[:MOST_TABLED]
    return FirstScreen(lead, others, where(found), cards, [c.title for c in columns], rows)


NOTHING = Said("No valid figure yet", "every trial is invalid or a gap", sure=False)


def card(ranking: Ranking) -> Card:
    rows = card_rows(ranking)
    kept = len(rows) if len(rows) <= MOST_ROWS + 2 else MOST_ROWS
    direction = ranking.question.direction if ranking.equal else "each at its own load"
    shown, more = rows[:kept], rows[kept:]
    return Card(ranking.title, direction, note(ranking), shown, more, ranking.voids, said(ranking))


def note(ranking: Ranking) -> str:
    """At which load."""
    first = ranking.estimates[0]
    if first.offered is None:
        return ranking.point
    if ranking.equal:
        return f"at {number(first.offered)} tasks/s for all"
    return f"at {ranking.point} of its own capacity: rates differ, so do not compare"


def card_rows(ranking: Ranking) -> list[CardRow]:
    place = axis(ranking.estimates)
    return [
        CardRow(
            arm=one.arm,
            label=one.label,
            figure=number(one.value),
            range=spread(one),
            times=times(ranking, one),
            floor=beside_floor(one),
            at=place(one.value),
            low=place(one.spread.low),
            high=place(one.spread.high),
            alone=one.trials == 1,
            trials=trials(one),
            lanes=ranking.brackets(index),
        )
        for index, one in enumerate(ranking.estimates)
    ]


def times(ranking: Ranking, one: Estimate) -> str:
    """How far behind the best; at another load, the load."""
    if not ranking.equal:
        return "" if one.offered is None else f"at {number(one.offered)}/s"
    if one is ranking.estimates[0]:
        return "best" if len(ranking.estimates) > 1 else ""
    return behind(ranking, one)


def trials(one: Estimate) -> str:
    """Where some are not valid."""
    return "" if one.trials == one.tried else f"{one.trials} of {one.tried} trials valid"


def axis(estimates: Sequence[Estimate]) -> Axis:
    ends = [end for one in estimates for end in (one.spread.low, one.spread.high, one.value)]
    low, high = min(ends), max(ends)
    return Axis(low, high, log=low > 0 and high / low > LONG_AXIS)
