"""Frameworks side by side: a line an arm, with what it drains, takes, and what a kill costs it."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.answer.facts import Facts
from harness.report.answer.kill import Kill, kill_of
from harness.report.answer.ranking import Ranking, kills
from harness.report.answer.table import AnswerCell, cell, every_row
from harness.report.rows.arms import PageArm
from harness.report.titles import title
from harness.scenario.catalogue import KILLED


@dataclass(frozen=True)
class ArmLine:
    """An arm of the page; ``cells``: a question each; ``killed``: what a kill cost, in words."""

    arm: PageArm
    is_floor: bool
    cells: Sequence[AnswerCell]
    kill: Kill | None
    killed: AnswerCell

    @property
    def name(self) -> str:
        variant = f"@{self.arm.variant}" if self.arm.variant else ""
        return f"{title(self.arm.framework)} {self.arm.framework_version}{variant}"


def lines(arms: Sequence[PageArm], facts: Facts, rankings: Sequence[Ranking]) -> list[ArmLine]:
    """The frameworks in the order of the first question, then the floor."""
    known, floors, asked = {arm.arm: arm for arm in arms}, facts.floor_arms(), kills(facts)[:1]
    made = [
        line(facts, known[row.arm], row.cells, asked, is_floor=row.arm in floors)
        for row in every_row(rankings)
    ]
    return sorted(made, key=lambda each: each.is_floor)


def kills_said(shown: Sequence[ArmLine]) -> str:
    """How many frameworks lose nothing by a kill, in a sentence; empty where nobody was killed."""
    told = [(each, each.kill) for each in shown if each.kill and not each.is_floor]
    whole = [(kill.after, each) for each, kill in told if kill.after and not kill.not_redone]
    if not told:
        return ""
    said = f"{len(whole)} of {len(told)} frameworks do again all that killed workers had begun"
    if not whole:
        return said
    after, soonest = min(whole, key=lambda one: one[0])
    return f"{said}, {soonest.name} soonest: after {after:,.0f} s"


def line(
    facts: Facts,
    arm: PageArm,
    cells: Sequence[AnswerCell],
    asked: Sequence[Ranking],
    *,
    is_floor: bool,
) -> ArmLine:
    kill = kill_of(facts.medians, arm.arm)
    if kill:
        return ArmLine(arm, is_floor, cells, kill, AnswerCell(kill.words, kill.after))
    whys = [cell(ranking, arm.arm).why for ranking in asked]
    why = next(filter(None, whys), "") or f"no trial of {KILLED}"
    return ArmLine(arm, is_floor, cells, None, AnswerCell(why=why))
