"""What was measured of a question, a sentence an arm."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.cli.prices import Prices
from harness.report.costs import Cost, costs, headline
from harness.report.questions.asked import COST, QUESTIONS, Clause, Question
from harness.report.rows.grouped import grouped
from harness.report.rows.trials import Median, State
from harness.report.terminal.costs import interval
from harness.report.terminal.latest import Latest
from harness.report.terminal.markdown import figure, of_loads
from harness.report.titles import title

PLACE = re.compile(r"\{(?P<metric>\w+)(?:@(?P<point>[^}]+))?\}")
NO_FIGURE = "an unknown number of"


@dataclass(frozen=True)
class ArmAnswer:
    """``said``: from its figures; ``missing``: by reason, what has none."""

    name: str
    said: Sequence[str]
    missing: Sequence[str]

    @property
    def words(self) -> str:
        return "; ".join(self.parts)

    @property
    def first(self) -> str:
        """What the question is about first of all."""
        return self.parts[0]

    @property
    def parts(self) -> list[str]:
        return [*self.said, *self.missing]


@dataclass(frozen=True)
class Figures:
    """Of an arm in a scenario: states by point, and medians by point and name."""

    states: Mapping[str, State]
    medians: Mapping[str, Mapping[str, Median]]

    def words(self, clause: Clause) -> str:
        """The clause with its figures."""

        def filled(place: re.Match[str]) -> str:
            own = self.medians.get(place["point"] or clause.point, {})
            return figure(own, place["metric"]) if place["metric"] in own else NO_FIGURE

        return PLACE.sub(filled, clause.says)


def asked_in(found: Latest) -> list[Question]:
    """The questions that something was measured of."""
    there = {*found.scenarios()} - ({COST} if not found.of(COST).costs else set())
    return [each for each in QUESTIONS if each.scenario in there]


def answered(question: Question, found: Latest, prices: Prices) -> list[ArmAnswer]:
    """In the order of the arms."""
    if question.scenario == COST:
        return prices_said(headline(costs(found.costs, prices)), prices)
    own = found.of(question.scenario)
    return [
        answer(question, figures_of(states, own.medians))
        for states in grouped(own.states, lambda state: state.arm)
    ]


def figures_of(states: Sequence[State], medians: Sequence[Median]) -> Figures:
    own = [median for median in medians if median.arm == states[0].arm]
    by_point = grouped(own, lambda median: median.point)
    return Figures(
        {state.point: state for state in states},
        {each[0].point: {median.name: median for median in each} for each in by_point},
    )


def answer(question: Question, figures: Figures) -> ArmAnswer:
    known = [each for each in question.clauses if each.point in figures.states]
    said = [figures.words(clause) for clause in known if figures.states[clause.point].ok]
    label = next(iter(figures.states.values())).label
    asked = {clause.point for clause in known}
    return ArmAnswer(title(label), said, list(missing([*figures.states.values()], asked)))


def missing(states: Sequence[State], asked: Collection[str]) -> Iterator[str]:
    """Why loads that are ``asked`` about have no figure: each reason once with the loads that it
    is of, unless it is of all of the arm's.
    """
    without = [state for state in states if not state.ok]
    for own in grouped(without, lambda state: (state.gap == state.trials, state.reason)):
        loads = [state.point for state in own]
        kind = "cannot" if own[0].gap == own[0].trials else "no valid trial"
        where = of_loads(loads, [state.point for state in states])
        if {*loads} & {*asked}:
            yield f"{kind}{where}: {' '.join((own[0].reason or 'no reason stored').split())}"


def prices_said(priced: Sequence[Cost], prices: Prices) -> list[ArmAnswer]:
    """What a million tasks and a month idle cost, a sentence an arm."""
    by_arm = grouped(sorted(priced, key=lambda cost: cost.arm), lambda cost: cost.arm)
    return [
        ArmAnswer(title(own[0].label), [price_said(cost, prices) for cost in own], [])
        for own in by_arm
    ]


def price_said(cost: Cost, prices: Prices) -> str:
    """``a million tasks cost 0.0123 USD (0.0120 to 0.0130)``."""
    several = f" ({interval(cost)})" if len(cost.values) > 1 else ""
    verb = "cost" if cost.of.endswith("s") else "costs"
    return f"{cost.of} {verb} {number(cost.value)} {prices.currency}{several}"
