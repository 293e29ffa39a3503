"""Arms in order, and which of them can be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from harness.judge.claims import DIFFERENT, Kind
from harness.report.answer.estimates import AtOneLoad, Estimate, at_best_load
from harness.report.answer.facts import Facts
from harness.report.answer.questions import Question, after_kill, questions
from harness.report.rows.answer import PairVerdict


class Tie(NamedTuple):
    """Neighbours that cannot be told apart: from place ``first`` to ``last``, counted from 0."""

    first: int
    last: int

    def part(self, place: int) -> str:
        """Which part of its bracket stands at a place: first, middle, last; empty beside it."""
        if not self.first <= place <= self.last:
            return ""
        return {self.first: "first", self.last: "last"}.get(place, "middle")


@dataclass(frozen=True)
class Ranking(AtOneLoad):
    """``estimates``: the best first. ``verdicts``: those about this question."""

    ties: list[Tie]
    verdicts: list[PairVerdict]

    def verdict(self, one: Estimate, other: Estimate) -> PairVerdict | None:
        """On these two, whichever is the baseline."""
        return verdict_on(self.verdicts, one, other)

    def of_frameworks(self) -> "Ranking":
        """The same without the floor, which is none and leads nobody; all where there is nothing
        else.
        """
        own = [one for one in self.estimates if not one.is_floor]
        if len(own) in {0, len(self.estimates)}:
            return self
        return replace(self, estimates=own, ties=tied(own, self.verdicts) if self.equal else [])

    @property
    def leaders(self) -> list[Estimate]:
        """The best, and all that cannot be told apart from it."""
        last = next((tie.last for tie in self.ties if tie.first == 0), 0)
        return self.estimates[: last + 1]

    @cached_property
    def lanes(self) -> list[list[Tie]]:
        """The ties beside each other, in as few columns as they need, with a place free between two
        brackets of a column.
        """
        found: list[list[Tie]] = []
        for tie in self.ties:
            free = next((lane for lane in found if lane[-1].last + 1 < tie.first), None)
            if free is None:
                found.append([tie])
            else:
                free.append(tie)
        return found

    def brackets(self, place: int) -> list[str]:
        """Which part of a bracket stands at a place, in each of the columns."""
        return [next(filter(None, (tie.part(place) for tie in lane)), "") for lane in self.lanes]


def rankings(facts: Facts) -> list[Ranking]:
    """A ranking a question."""
    return [ranking(facts, question) for question in questions(facts)]


def kills(facts: Facts) -> list[Ranking]:
    """The same of what a kill of the workers cost."""
    return [ranking(facts, question) for question in after_kill(facts)]


def ranking(facts: Facts, question: Question) -> Ranking:
    found = at_best_load(facts, question)
    place = (question.scenario, found.point, question.metric)
    verdicts = [p for p in facts.pairs if (p.scenario, p.point, p.metric) == place]
    order = sorted(found.estimates, key=lambda e: e.value, reverse=question.higher)
    ties = tied(order, verdicts) if found.equal else []
    return Ranking(
        question, found.point, found.unit, found.equal, order, found.voids, ties, verdicts
    )


def tied(order: Sequence[Estimate], verdicts: Sequence[PairVerdict]) -> list[Tie]:
    """The longest runs of arms in which nobody can be told apart from anybody."""
    runs: list[Tie] = []
    for first in range(len(order)):
        last = first
        while last + 1 < len(order) and not any(
            told_apart(order[place], order[last + 1], verdicts) for place in range(first, last + 1)
        ):
            last += 1
        if last > first and not (runs and runs[-1].last >= last):
            runs.append(Tie(first, last))
    return runs


def told_apart(one: Estimate, other: Estimate, verdicts: Sequence[PairVerdict]) -> bool:
    """Whether ``one`` is the better: by a verdict on the two where there is one, else by intervals
    that do not overlap.
    """
    verdict = verdict_on(verdicts, one, other)
    if verdict is not None:
        return better_arm(verdict) == one.arm
    return one.spread.high < other.spread.low or other.spread.high < one.spread.low


def better_arm(verdict: PairVerdict) -> int | None:
    """The better of the two, where the verdict names one."""
    if Kind(verdict.kind) not in DIFFERENT:
        return None
    better = Kind(verdict.kind) in {Kind.FASTER, Kind.FASTER_UNCERTAIN}
    return verdict.candidate if better else verdict.baseline


def verdict_on(
    verdicts: Sequence[PairVerdict], one: Estimate, other: Estimate
) -> PairVerdict | None:
    both = {one.arm, other.arm}
    return next((v for v in verdicts if {v.baseline, v.candidate} == both), None)
